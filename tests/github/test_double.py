"""The double of GitHub refuses what GitHub refuses."""

from __future__ import annotations

from support.github import diffs
from support.github.fixtures import GitHub


def test_a_comment_is_kept(github: GitHub) -> None:
    github.repository().add_pull(7, [diffs.change("a.py", "a\n", "b\n")])
