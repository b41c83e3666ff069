"""Walking over a module, for the first time and again."""

from __future__ import annotations

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.python import lower
from ci_gate.codemodel.serial import MODULES

SOURCE = b"x = 1\ndef f(y):\n    return [g(z) for z in y]\nclass A:\n    b: int = 2\n"


def test_again_is_as_the_first_time() -> None:
    module = lower("a.py", SOURCE)
    first = list(s.walk(module))
    assert list(s.walk(module)) == first
    assert first[0] is module
    below = [node for statement in module.body for node in s.walk(statement)]
    assert set(below) <= set(first)
    inside = list(s.walk(module, into_functions=False))
    assert len(inside) < len(first)


def test_what_was_walked_over_is_not_kept() -> None:
    module = lower("a.py", SOURCE)
    told = MODULES.dump(module)
    list(s.walk(module))
    assert MODULES.dump(module) == told
    assert "nodes" not in s.child_fields(s.Module)
