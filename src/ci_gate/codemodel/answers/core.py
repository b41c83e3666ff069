"""What a handler answers, as far as it can be read from its code.

The statuses are all that may come back, never fewer: where a part of a handler is not understood,
there is no answer at all. A rule may then conclude from a status that is not among them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field
from http import HTTPStatus
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import CodeModel, FunctionInfo, Scope
from ci_gate.codemodel.scopes import AttributeStore
from ci_gate.codemodel.values import (
    ClassValue,
    ConstantValue,
    ExternalValue,
    FunctionValue,
    Value,
)
from ci_gate.data import dataclass
from ci_gate.regex import regex

MAX_DEPTH: Final = 5
_FIRST_ERROR: Final = 400
_NAMED: Final = regex(r"HTTP_(\d{3})_\w+$")
_PHRASES: Final = {re.sub(r"\W|_", "", item.name).lower(): item.value for item in HTTPStatus}


class Unknowable(Exception):
    """Something in the handler is not understood."""


@dataclass(slots=True, eq=False)
class Frame:
    """A function being read, with the expressions that were given for its parameters."""

    function: FunctionInfo
    scope: Scope
    given: Mapping[str, tuple[s.Expr, Frame]] = field(default_factory=dict)
    depth: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """One answer: its status, where the handler gives it, and the expression of its body (None: not
    known or none), which a helper may hold in a frame of its own (``home``)."""

    status: int
    node: s.Node
    frame: Frame
    body: s.Expr | None = None
    home: Frame | None = None

    def seen_from(self, call: s.Node, frame: Frame) -> Answer:
        """The same answer, given by a helper that ``call`` calls."""
        return Answer(self.status, call, frame, self.body, self.home or self.frame)

    @property
    def path(self) -> str:
        return self.frame.function.module.path


class Reader:
    """What the readers of both languages ask of the program."""

    def __init__(self, model: CodeModel) -> None:
        self.model = model

    def frame(self, function: FunctionInfo) -> Frame:
        return Frame(function, self.model.scope_in(function))

    def values(self, expr: s.Expr, frame: Frame) -> frozenset[Value]:
        try:
            scope = self.model.scope_of(expr)
        except KeyError:
            scope = frame.scope
        return self.model.evaluate(expr, scope)

    def external(self, expr: s.Expr, frame: Frame) -> str | None:
        """The path of the one thing of a library that ``expr`` is."""
        values = self.values(expr, frame)
        if len(values) == 1:
            [value] = values
            if isinstance(value, ExternalValue):
                return value.path
        return None

    def function(self, expr: s.Expr, frame: Frame) -> FunctionInfo | None:
        """The one function of the tree that ``expr`` is."""
        values = self.values(expr, frame)
        found = {value.function for value in values if isinstance(value, FunctionValue)}
        return found.pop() if len(found) == len(values) == 1 else None

    def is_class(self, expr: s.Expr, frame: Frame) -> bool:
        values = self.values(expr, frame)
        return bool(values) and all(isinstance(value, ClassValue) for value in values)

    def entered(self, call: s.Call, function: FunctionInfo, frame: Frame) -> Frame:
        """The function's frame when ``call`` calls it.

        Raises:
            Unknowable: the calls are nested too deeply.
        """
        node = function.node
        if frame.depth >= MAX_DEPTH or not isinstance(node, s.Function) or node.bodiless:
            raise Unknowable
        params = [item for item in node.params if item.kind not in ("*", "**")]
        if function.cls is not None and node.kind != "static" and _python(function):
            params = params[1:]
        given: dict[str, tuple[s.Expr, Frame]] = {}
        inner = Frame(function, self.model.scope_in(function), given, frame.depth + 1)
        position = 0
        for argument in call.args:
            if argument.star:
                break
            if argument.keyword is not None:
                given[argument.keyword] = argument.value, frame
            elif position < len(params):
                given[params[position].name] = argument.value, frame
                position += 1
        for param in params:
            if param.default is not None and param.name not in given:
                given[param.name] = param.default, inner
        return inner

    def bound(self, name: str, frame: Frame) -> list[tuple[s.Expr, Frame]] | None:
        """What a local name or parameter was set to; None where that is not known."""
        node = frame.function.node
        if isinstance(node, s.Function) and any(item.name == name for item in node.params):
            found = frame.given.get(name)
            return [found] if found is not None and not _assigned(node, name) else None
        bindings = self.model.bindings(name, frame.scope)
        found_all: list[tuple[s.Expr, Frame]] = []
        for binding in bindings:
            if binding.kind != "value" or binding.path:
                return None
            found_all.append((binding.node, frame))  # type: ignore[arg-type]
        return found_all or None

    def numbers(self, expr: s.Expr, frame: Frame, depth: int = 0) -> set[int]:
        """The numbers that ``expr`` may be.

        Raises:
            Unknowable: not known.
        """
        if depth > MAX_DEPTH:
            raise Unknowable
        match expr:
            case s.Literal(value=bool()):
                raise Unknowable
            case s.Literal(value=int(number)):
                return {number}
            case s.Literal(value=str(text)) if text.isdecimal():
                return {int(text)}
            case s.Conditional(body=body, orelse=orelse):
                return self.numbers(body, frame, depth + 1) | self.numbers(orelse, frame, depth + 1)
            case s.Name(id=name):
                bound = self.bound(name, frame)
                if bound is not None:
                    return {
                        number
                        for value, home in bound
                        for number in self.numbers(value, home, depth + 1)
                    }
            case s.Attribute(name="value", value=inner):
                with_value = self._constant(inner, frame)
                if with_value is not None:
                    return {with_value}
        found = self._constant(expr, frame)
        if found is None:
            raise Unknowable
        return {found}

    def sets_error(self, store: AttributeStore) -> bool:
        """Does an assignment to a status make it that of an error?"""
        binding = store.binding
        if binding.path or binding.kind != "value":
            return False
        try:
            frame = self.frame(binding.scope.function)
            numbers = self.numbers(binding.node, frame)  # type: ignore[arg-type]
        except Unknowable:
            return False
        return min(numbers) >= _FIRST_ERROR

    def _constant(self, expr: s.Expr, frame: Frame) -> int | None:
        values = self.values(expr, frame)
        if len(values) == 1:
            [value] = values
            if isinstance(value, ConstantValue) and isinstance(value.value, int):
                return value.value
            if isinstance(value, ExternalValue):
                name = value.path.rpartition(".")[2]
                named = _NAMED.match(name)
                if named:
                    return int(named[1])
                if re.search(r"status", value.path, re.IGNORECASE):
                    return _PHRASES.get(re.sub(r"\W|_", "", name).lower())
        try:
            scope = self.model.scope_of(expr)
        except KeyError:
            scope = frame.scope
        definition = self.model.definition(expr, scope)
        if definition is not None and isinstance(definition[0], s.Literal):
            number = definition[0].value
            if isinstance(number, int) and not isinstance(number, bool):
                return number
        return None


def returned(function: FunctionInfo) -> Iterator[s.Return]:
    """The return statements of the function itself."""
    if isinstance(function.node, s.Function):
        yield from s.returns_in(function.node)


def own(statement: s.Node) -> Iterator[s.Node]:
    """The nodes of a statement without those of functions in it."""
    return s.walk(statement, into_functions=False)


def successes(answers: Iterable[Answer]) -> set[int]:
    return {item.status for item in answers if 200 <= item.status < 300}


def _assigned(node: s.Function, name: str) -> bool:
    return any(
        isinstance(item, s.Assign)
        and any(isinstance(target, s.Name) and target.id == name for target in item.targets)
        for statement in node.body
        for item in own(statement)
    )


def _python(function: FunctionInfo) -> bool:
    return function.module.language == "python"
