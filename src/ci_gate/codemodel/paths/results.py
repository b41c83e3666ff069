"""Which functions are worth following for what they return."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.paths.slices import MUTATORS, RECEIVERS

_MAX_NODES: Final = 1500
_TEXT_METHODS: Final = frozenset({
    "join", "format", "strip", "rstrip", "lstrip", "replace", "trim", "trimEnd", "trimStart",
    "repeat", "concat", "map", "filter", "flatMap", "slice",
})  # fmt: skip


def tells(function: s.Function) -> bool:
    """May the function return a text or a collection that it puts together itself?"""
    assigned: defaultdict[str, list[s.Expr]] = defaultdict(list)
    returned: list[s.Expr] = []
    grown: set[str] = set()
    count = 0
    for part in function.body:
        for node in s.walk(part, into_functions=False):
            count += 1
            if count > _MAX_NODES:
                return False
            match node:
                case s.Return(value=s.Node() as value):
                    returned.append(value)
                case s.Assign(targets=targets, value=s.Node() as value, op=op):
                    for target in targets:
                        if isinstance(target, s.Name):
                            assigned[target.id].append(value)
                            if op is not None:
                                grown.add(target.id)
                case s.Call(func=s.Attribute(value=s.Name(id=name), name=method)) if (
                    method in MUTATORS
                ):
                    grown.add(name)
    return any(_telling(value, assigned, grown, 0) for value in returned)


def _telling(expr: s.Expr, assigned: dict[str, list[s.Expr]], grown: set[str], depth: int) -> bool:
    if depth > 4:
        return False
    match expr:
        case s.Literal(value=value):
            return isinstance(value, str)
        case s.Template() | s.Sequence() | s.Mapping():
            return True
        case s.Comprehension(kind=kind):
            return kind != "dict"
        case s.Name(id=name):
            return name in grown or any(
                _telling(value, assigned, grown, depth + 1) for value in assigned.get(name, ())
            )
        case s.Call():
            return _call_tells(expr)
    return any(_telling(part, assigned, grown, depth + 1) for part in _parts(expr))


def _call_tells(call: s.Call) -> bool:
    func = call.func
    if isinstance(func, s.Attribute):
        return func.name in _TEXT_METHODS or (
            isinstance(func.value, s.Name) and func.value.id in RECEIVERS
        )
    return isinstance(func, s.Name)


def _parts(expr: s.Expr) -> Iterator[s.Expr]:
    if isinstance(expr, s.Binary) and expr.op in ("+", "%", "*", "or", "and"):
        yield expr.left
        yield expr.right
    elif isinstance(expr, s.Conditional):
        yield expr.body
        yield expr.orelse
    elif isinstance(expr, s.Await):
        yield expr.value
