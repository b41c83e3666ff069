"""Answers of handlers that are written in the source."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import FunctionInfo
from ci_gate.codemodel.values import ClassValue, ExternalValue, FunctionValue
from ci_gate.data import dataclass
from ci_gate.regex import regex
from ci_gate.rules.base import Facts
from ci_gate.rules.query._script_answers import answers

#: Calls that wrap what they are given into an answer.
_ANSWERS: Final = regex(
    r"^(?:flask\.(?:json\.)?(?:jsonify|make_response|Response)|quart\.jsonify|"
    r"(?:fastapi|starlette)\.responses\.(?:JSON|ORJSON|UJSON)Response|django\.http\.(?:response\.)?"
    r"JsonResponse|rest_framework\.response\.Response|aiohttp\.web(?:_response)?\.json_response|"
    r"(?:builtins\.)?(?:list|dict|tuple))(?:\(\))?$"
)
_STATUS: Final = regex(r"^(?:status|status_code|headers|safe|content_type|media_type)$")
_MAX_DEPTH: Final = 6


@dataclass(frozen=True, slots=True)
class Payload:
    """What a handler always answers: the literal ``node`` of ``function``."""

    node: s.Node
    function: FunctionInfo
    value: s.Expr

    @property
    def is_empty(self) -> bool:
        return isinstance(self.value, s.Sequence | s.Mapping) and not any(
            isinstance(node, s.Literal) and not _is_nothing(node) for node in _values(self.value)
        )

    @property
    def holds_rows(self) -> bool:
        """Is it a list, or does an entry hold a list or an object?"""
        match self.value:
            case s.Sequence():
                return True
            case s.Mapping(entries=entries):
                return any(isinstance(item.value, s.Sequence | s.Mapping) for item in entries)
        return False

    @property
    def keys(self) -> list[tuple[str, bool]]:
        """The names of entries that hold a list or an object, and whether that is empty."""
        if not isinstance(self.value, s.Mapping):
            return []
        return [
            (entry.key.value, not _content(entry.value))
            for entry in self.value.entries
            if isinstance(entry.key, s.Literal) and isinstance(entry.key.value, str)
            and isinstance(entry.value, s.Sequence | s.Mapping)
        ]  # fmt: skip


class Payloads:
    """Answers for one program."""

    def __init__(self, facts: Facts) -> None:
        self._model = facts.model
        self._access = facts.access

    def of(self, handler: FunctionInfo, framework: str) -> Payload | None:
        """The constant that every way through the handler answers; None where one does not."""
        if handler.module.language == "python":
            return self._answer(handler, 0)
        if not isinstance(handler.node, s.Function) or self._asks(handler):
            return None
        sent = answers(handler.node, framework)
        return self._all_constant(sent, handler, 0) if sent is not None else None

    def _asks(self, handler: FunctionInfo) -> bool:
        """Does anything that the handler comes to ask the database?"""
        return any(
            self._access.accesses_in(function) for function in self._model.reachable([handler])
        )

    def _answer(self, function: FunctionInfo, depth: int) -> Payload | None:
        node = function.node
        if (
            depth > _MAX_DEPTH
            or not isinstance(node, s.Function)
            or node.is_generator
            or node.bodiless
            or self._access.accesses_in(function)
        ):
            return None
        returns = [item.value for item in s.returns_in(node)]
        given = [item for item in returns if item is not None]
        return self._all_constant(given, function, depth) if len(given) == len(returns) else None

    def _all_constant(
        self, given: list[s.Expr], function: FunctionInfo, depth: int
    ) -> Payload | None:
        found = [self._constant(item, function, depth) for item in given]
        payloads = [item for item in found if item is not None]
        return payloads[0] if payloads and len(payloads) == len(found) else None

    def _constant(self, expr: s.Expr, function: FunctionInfo, depth: int) -> Payload | None:
        match expr:
            case s.Await(value=value):
                return self._constant(value, function, depth)
            case s.Sequence(kind="tuple", items=[first, *_]):  # (payload, status)
                return self._constant(first, function, depth)
            case s.Sequence() | s.Mapping():
                return self._written(expr, function, depth)
            case s.Name(id=name):
                value_ = self._local(name, function)
                return None if value_ is None else self._constant(value_, function, depth)
            case s.Call():
                return self._called(expr, function, depth)
        return None

    def _written(
        self, expr: s.Sequence | s.Mapping, function: FunctionInfo, depth: int
    ) -> Payload | None:
        """A display whose parts are constants; one that a call gives may be in it."""
        parts = expr.items if isinstance(expr, s.Sequence) else [e.value for e in expr.entries]
        inner: Payload | None = None
        filled: list[s.Expr] = []
        for part in parts:
            if _is_constant(part):
                filled.append(part)
                continue
            found = self._constant(part, function, depth)
            if found is None:
                return None
            inner = inner or (found if found.function is not function else None)
            filled.append(found.value)
        value: s.Expr = expr
        if isinstance(expr, s.Mapping):
            entries = [
                s.Entry(entry.span, entry.key, part)
                for entry, part in zip(expr.entries, filled, strict=True)
            ]
            if any(entry.key is None for entry in entries):
                return None
            value = s.Mapping(expr.span, entries)
        place = inner or Payload(expr, function, value)
        return Payload(place.node, place.function, value)

    def _called(self, call: s.Call, function: FunctionInfo, depth: int) -> Payload | None:
        values = self._model.evaluate(call.func)
        if len(values) != 1:
            return None
        value = next(iter(values))
        if isinstance(value, FunctionValue):
            edges = {
                edge.callee
                for edge in self._model.callees(function)
                if edge.node is call and edge.reason == "call"
            }
            node = value.function.node
            plain = isinstance(node, s.Function) and not node.decorators
            alone = edges == {value.function}
            return self._answer(value.function, depth + 1) if plain and alone else None
        if isinstance(value, ExternalValue) and _ANSWERS.match(value.path):
            given = [item for item in call.args if not _STATUS.match(item.keyword or "")]
            if any(item.star for item in given):
                return None
            if given and all(item.keyword is not None for item in given):
                content = [i for i in given if i.keyword in ("content", "data", "response")]
                if content:
                    return self._constant(content[0].value, function, depth)
                return self._written(_mapping(call, given), function, depth)
            return self._constant(given[0].value, function, depth) if given else None
        if isinstance(value, ClassValue) and not self._model.method(value.cls, "__init__"):
            if not call.args or any(item.star or item.keyword is None for item in call.args):
                return None
            return self._written(_mapping(call, call.args), function, depth)
        return None

    def _local(self, name: str, function: FunctionInfo) -> s.Expr | None:
        """What a local name is bound to, where it is bound once and only handed on."""
        node = function.node
        assert isinstance(node, s.Function)
        bound: list[s.Expr | None] = []
        uses = 0
        for statement in node.body:
            for inner in s.walk(statement):
                if isinstance(inner, s.Assign):
                    bound += [inner.value for target in inner.targets if _is(target, name)]
                uses += isinstance(inner, s.Name) and inner.id == name
        return bound[0] if len(bound) == 1 and uses == 2 else None


def _mapping(call: s.Call, given: list[s.Argument]) -> s.Mapping:
    return s.Mapping(
        call.span,
        [
            s.Entry(item.span, s.Literal(item.span, item.keyword, "string"), item.value)
            for item in given
        ],
    )


def _is(target: s.Expr, name: str) -> bool:
    return isinstance(target, s.Name) and target.id == name


def _is_constant(expr: s.Expr) -> bool:
    match expr:
        case s.Literal():
            return True
        case s.Unary(op="-", value=value):
            return _is_constant(value)
        case s.Sequence(items=items):
            return all(_is_constant(item) for item in items)
        case s.Mapping(entries=entries):
            return all(item.key is not None and _is_constant(item.value) for item in entries)
    return False


def _is_nothing(node: s.Literal) -> bool:
    return node.value in (None, 0, False, "")


def _content(expr: s.Expr) -> bool:
    return bool(expr.items if isinstance(expr, s.Sequence) else getattr(expr, "entries", ()))


def _values(expr: s.Expr) -> Iterator[s.Node]:
    """The literals in a display that are no keys."""
    match expr:
        case s.Sequence(items=items):
            for item in items:
                yield from _values(item)
        case s.Mapping(entries=entries):
            for entry in entries:
                yield from _values(entry.value)
        case _:
            yield expr
