"""Which keys the body of an answer has, as far as it is written out.

A key counts as there when any way to the answer has it; a mapping is ``whole`` when nothing unknown
may add to it. A rule may then conclude from a key that is not there.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import field
from typing import Final, TypeAlias

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.answers.core import (
    MAX_DEPTH,
    Frame,
    Reader,
    Unknowable,
    own,
    returned,
)
from ci_gate.data import dataclass

_MAX_NESTING: Final = 12
_ADDING: Final = frozenset({"update", "setdefault", "pop", "push", "append", "extend", "assign"})

#: What takes a body as it is.
_SENDING: Final = frozenset({
    "json", "jsonp", "send", "jsonify", "json_response", "Response", "JSONResponse",
    "JsonResponse", "make_response", "len", "log", "info", "debug", "print",
})  # fmt: skip


@dataclass(slots=True, eq=False)
class Keys:
    """A mapping. The shape of a value is None where it is not known."""

    node: s.Node
    entries: dict[str, Shape] = field(default_factory=dict)
    whole: bool = True


@dataclass(slots=True, eq=False)
class Items:
    """A list of like things."""

    node: s.Node
    element: Shape = None


Shape: TypeAlias = Keys | Items | None


class Shapes(Reader):
    def of(self, expr: s.Expr, frame: Frame) -> Shape:
        """The shape of an expression; None where it is not known."""
        try:
            return self._of(expr, frame, 0)
        except (Unknowable, RecursionError):
            return None

    def _of(self, expr: s.Expr, frame: Frame, depth: int) -> Shape:
        if depth > _MAX_NESTING:
            return None
        match expr:
            case s.Await(value=value):
                return self._of(value, frame, depth + 1)
            case s.Mapping():
                return self._mapping(expr, frame, depth)
            case s.Comprehension(kind="list" | "generator", element=element):
                return Items(expr, self._of(element, frame, depth + 1))
            case s.Sequence(kind="list", items=items):
                return Items(expr, self._of(items[0], frame, depth + 1) if items else None)
            case s.Conditional(body=body, orelse=orelse):
                ways = (body, orelse)
                return _merged(self._of(item, frame, depth + 1) for item in ways)
            case s.Name(id=name):
                return self._name(name, frame, depth)
            case s.Call():
                return self._call(expr, frame, depth)
        return None

    def _mapping(self, expr: s.Mapping, frame: Frame, depth: int) -> Keys:
        made = Keys(expr)
        for entry in expr.entries:
            if entry.key is None:
                inner = self._of(entry.value, frame, depth + 1)
                if isinstance(inner, Keys):
                    made.entries.update(inner.entries)
                    made.whole = made.whole and inner.whole
                else:
                    made.whole = False
            elif isinstance(entry.key, s.Literal) and isinstance(entry.key.value, str):
                made.entries[entry.key.value] = self._of(entry.value, frame, depth + 1)
            else:
                made.whole = False
        return made

    def _name(self, name: str, frame: Frame, depth: int) -> Shape:
        bound = self.bound(name, frame)
        if bound is None:
            return None
        found = _merged(self._of(value, home, depth + 1) for value, home in bound)
        if isinstance(found, Keys) and _changes(frame, name):
            found.whole = False
        return found

    def _call(self, call: s.Call, frame: Frame, depth: int) -> Shape:
        func = call.func
        if isinstance(func, s.Name) and func.id == "dict" and not self.values(func, frame):
            return self._keywords(call, frame, depth)
        if isinstance(func, s.Name) and func.id in ("list", "tuple", "sorted") and call.args:
            found = self._of(call.args[0].value, frame, depth + 1)
            return found if isinstance(found, Items) else None
        if isinstance(func, s.Attribute) and func.name == "map" and call.args:
            return Items(call, self._mapped(call.args[0].value, frame, depth))
        if isinstance(func, s.Attribute) and func.name in ("all", "gather") and call.args:
            found = self._of(call.args[0].value, frame, depth + 1)
            return found if isinstance(found, Items) else None
        function = self.function(func, frame)
        if function is None or function is frame.function or frame.depth >= MAX_DEPTH:
            return None
        node = function.node
        if isinstance(node, s.Function) and (node.is_generator or node.decorators):
            return None
        return self._results(self.entered(call, function, frame), depth)

    def _keywords(self, call: s.Call, frame: Frame, depth: int) -> Keys:
        made = Keys(call, whole=all(item.keyword for item in call.args))
        for item in call.args:
            if item.keyword:
                made.entries[item.keyword] = self._of(item.value, frame, depth + 1)
        return made

    def _mapped(self, taken: s.Expr, frame: Frame, depth: int) -> Shape:
        """The shape of what ``xs.map(taken)`` makes of each item."""
        function = None
        if isinstance(taken, s.FunctionExpr):
            function = self.model.function_of(taken.function)
        else:
            function = self.function(taken, frame)
        if function is None or frame.depth >= MAX_DEPTH:
            return None
        scope = self.model.scope_in(function)
        return self._results(Frame(function, scope, {}, frame.depth + 1), depth)

    def _results(self, frame: Frame, depth: int) -> Shape:
        values = [item.value for item in returned(frame.function)]
        if not values or any(value is None for value in values):
            return None
        return _merged(self._of(value, frame, depth + 1) for value in values if value is not None)


def _merged(shapes: Iterable[Shape]) -> Shape:
    """What any of the shapes has; nothing where one of them is not known."""
    found = list(shapes)
    first = found[0] if found else None
    if all(isinstance(item, Items) for item in found):
        return first
    made = Keys(first.node) if isinstance(first, Keys) else None
    for item in found:
        if made is None or not isinstance(item, Keys):
            return None
        for key, shape in item.entries.items():
            made.entries[key] = shape if key not in made.entries else None
        made.whole = made.whole and item.whole
    return made if len(found) > 1 else first


def _changes(frame: Frame, name: str) -> bool:
    """Is something put into the mapping after it was made, or is it handed to what may do so?"""
    node = frame.function.node
    for statement in node.body if isinstance(node, s.Function) else ():
        for item in own(statement):
            if isinstance(item, s.Assign):
                for target in item.targets:
                    if isinstance(target, s.Subscript | s.Attribute) and _is(target.value, name):
                        return True
            elif isinstance(item, s.Call):
                func = item.func
                called = func.name if isinstance(func, s.Attribute) else getattr(func, "id", "")
                if isinstance(func, s.Attribute) and _is(func.value, name) and called in _ADDING:
                    return True
                if called not in _SENDING and any(_is(given.value, name) for given in item.args):
                    return True
    return False


def _is(expr: s.Expr, name: str) -> bool:
    return isinstance(expr, s.Name) and expr.id == name
