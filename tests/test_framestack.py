"""Room for frames changes nothing but time."""

from __future__ import annotations

import sys

import pytest

from ci_gate.framestack import with_room


def _down(levels: int) -> int:
    return 0 if levels == 0 else 1 + _down(levels - 1)


def test_gives_what_the_work_gives() -> None:
    assert with_room(lambda: _down(500)) == 500


def test_what_the_work_raises_is_raised() -> None:
    with pytest.raises(KeyError, match="x"):
        with_room(lambda: {}["x"])


def test_the_limit_of_recursion_stays() -> None:
    with pytest.raises(RecursionError):
        with_room(lambda: _down(sys.getrecursionlimit() + 10))
