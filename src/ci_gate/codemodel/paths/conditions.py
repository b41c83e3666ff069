"""What holds on a path, and how conditions are named so that the same one is asked once."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.paths.frames import Frame
from ci_gate.codemodel.paths.values import (
    Abstract,
    Closure,
    Constant,
    Entries,
    Fragment,
    Items,
    Number,
    Statement,
    Unknown,
)
from ci_gate.codemodel.sqltext import Str, Text

if TYPE_CHECKING:
    from ci_gate.codemodel.paths.machine import Machine


_ORDER: Final[dict[str, Callable[[int, int], bool]]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip


class Conditions:
    def __init__(self, machine: Machine) -> None:
        self._machine = machine

    def holds(self, test: s.Expr, frame: Frame) -> bool:
        machine = self._machine
        match test:
            case s.Unary(op="not", value=value):
                return not self.holds(value, frame)
            case s.Binary(op="and", left=left, right=right):
                return self.holds(left, frame) and self.holds(right, frame)
            case s.Binary(op="or", left=left, right=right):
                return self.holds(left, frame) or self.holds(right, frame)
            case s.Binary(op="is" | "==", left=left, right=right):
                return self._same(left, right, frame)
            case s.Binary(op="is not" | "!=", left=left, right=right):
                return not self._same(left, right, frame)
            case s.Call(func=s.Name(id="bool"), args=[argument]):
                return self.holds(argument.value, frame)
            case s.AssignExpr(target=target, value=value):
                machine.bind(target, machine.evaluate(value, frame), frame)
                return self.holds(target, frame)
            case s.Binary(op=op, left=left, right=right):
                known = self._compared(op, left, right, frame)
                if known is not None:
                    return known
                return machine.ask(self.key(test, frame))
        held = machine.evaluate(test, frame)
        known = self.truth(held)
        if machine.script and isinstance(held, Items | Entries):
            known = True
        if known is not None:
            return known
        asked = self.key_of_value(held, test, frame)
        none = self._machine.choices.known(f"{asked} is None")
        return machine.ask(asked, implied=False if none else None)

    def _compared(self, op: str, left: s.Expr, right: s.Expr, frame: Frame) -> bool | None:
        """``left < right`` and the like, of numbers that are known."""
        compare = _ORDER.get(op)
        if compare is None:
            return None
        first, second = self._machine.evaluate(left, frame), self._machine.evaluate(right, frame)
        if not (isinstance(first, Number) and isinstance(second, Number)):
            return None
        return (
            compare(first.value, second.value) if first.assumed is second.assumed is None else None
        )

    def _same(self, left: s.Expr, right: s.Expr, frame: Frame) -> bool:
        machine = self._machine
        if machine.script and isinstance(left, s.Unary) and left.op == "typeof":
            if not (isinstance(right, s.Literal) and right.value == "undefined"):
                return machine.ask(f"{self.key(left, frame)} == {self.key(right, frame)}")
            left, right = left.value, s.Literal(right.span, None, "undefined")
        first, second = machine.evaluate(left, frame), machine.evaluate(right, frame)
        if isinstance(second, Constant) and second.value is None:
            if not isinstance(first, Unknown):
                return isinstance(first, Constant) and first.value is None
            asked = self.key_of_value(first, left, frame)
            given = machine.choices.known(asked)
            return machine.ask(f"{asked} is None", implied=False if given else None)
        if isinstance(first, Constant) and first.value is None and isinstance(second, Text):
            return False
        known = _equal(first, second)
        if known is not None:
            return known
        one, other = (
            self.key_of_value(first, left, frame), self.key_of_value(second, right, frame)
        )  # fmt: skip
        return machine.ask(f"{one} == {other}", implied=machine.same(one, other))

    def truth(self, value: Abstract) -> bool | None:
        match value:
            case Constant(value=held):
                return bool(held)
            case Number(value=number, assumed=None):
                return number != 0
            case Text(pieces=pieces):
                if any(isinstance(piece, Str) and piece.text for piece in pieces):
                    return True
                return None if pieces else False
            case Items(items=items, open=is_open):
                return True if items else (None if is_open else False)
            case Entries(entries=entries, open=is_open):
                return True if entries else (None if is_open else False)
            case Statement() | Fragment() | Closure():
                return True
        return None

    def key_of_value(
        self, value: Abstract, expr: s.Expr, frame: Frame, otherwise: str | None = None
    ) -> str:
        if isinstance(value, Unknown):
            return value.key
        if isinstance(value, Text) and (text := value.constant()) is not None:
            return repr(text)
        if isinstance(value, Number) and value.assumed is None:
            return str(value.value)
        return self.key(expr, frame) if otherwise is None else otherwise

    def key(self, expr: s.Expr, frame: Frame) -> str:
        """The expression in words, with what its variables stand for."""
        return "".join(self._words(expr, frame, 0))

    def _words(self, expr: s.Node, frame: Frame, depth: int) -> Iterator[str]:
        if depth > 6:
            yield "…"
            return
        match expr:
            case s.Name(id=name):
                held = frame.get(name)
                yield name if held is None else self.key_of_value(held, expr, frame, name)
            case s.Attribute(value=value, name=name):
                yield from self._words(value, frame, depth + 1)
                yield f".{name}"
            case s.Literal(value=value):
                yield repr(value)
            case s.Binary(op=op, left=left, right=right):
                yield from self._words(left, frame, depth + 1)
                yield f" {op} "
                yield from self._words(right, frame, depth + 1)
            case s.Unary(op=op, value=value):
                yield f"{op} "
                yield from self._words(value, frame, depth + 1)
            case s.Await(value=value):
                yield self._machine.fresh("await").key
            case s.Subscript(value=value, index=index):
                yield from self._words(value, frame, depth + 1)
                yield "["
                yield from self._words(index, frame, depth + 1)
                yield "]"
            case s.Call(func=func, args=args):
                yield from self._words(func, frame, depth + 1)
                yield "("
                for position, argument in enumerate(args):
                    yield ", " if position else ""
                    yield f"{argument.star}{argument.keyword + '=' if argument.keyword else ''}"
                    yield from self._words(argument.value, frame, depth + 1)
                yield ")"
            case _:
                children = s.children(expr)
                if not children:
                    yield f"<{expr.span[0]}:{expr.span[1]}>"
                for child in children:
                    yield from self._words(child, frame, depth + 1)
                    yield " "


def _equal(left: Abstract, right: Abstract) -> bool | None:
    if isinstance(left, Text) and isinstance(right, Text):
        one, other = left.constant(), right.constant()
        return None if one is None or other is None else one == other
    if isinstance(left, Number) and isinstance(right, Number):
        return left.value == right.value if left.assumed is right.assumed is None else None
    return None
