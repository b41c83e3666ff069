"""Where a Flask function surely asks for a JSON body, for requests of a given method."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import CodeModel, FunctionInfo
from ci_gate.codemodel.values import ExternalValue
from ci_gate.data import dataclass
from ci_gate.rules.framework._decorators import function_of
from ci_gate.rules.framework._flask import text_of

_REQUESTS: Final = ("flask.request", "quart.request", "flask.globals.request")
#: Attributes of the request that read its body.
BODY: Final = frozenset({
    "json", "get_json", "data", "form", "files", "values", "stream", "get_data",
})  # fmt: skip
_REFUSALS: Final = frozenset({
    "BadRequest", "HTTPException", "Exception", "BaseException", "UnsupportedMediaType",
})  # fmt: skip
_MAX_DEPTH: Final = 4


@dataclass(frozen=True, slots=True)
class Read:
    """A read that refuses a request without a JSON body, and the function that it is in."""

    node: s.Node
    function: FunctionInfo
    text: str


class Bodies:
    """The reads of one program."""

    def __init__(self, model: CodeModel) -> None:
        self._model = model

    def is_request(self, expr: s.Expr) -> bool:
        values = self._model.evaluate(expr)
        return bool(values) and all(
            isinstance(value, ExternalValue) and value.path in _REQUESTS for value in values
        )

    def uses_body(self, function: FunctionInfo) -> bool:
        """Does the function itself look at the request's body in any way?"""
        return any(
            isinstance(node, s.Attribute) and node.name in BODY and self.is_request(node.value)
            for statement in function.node.body
            for node in s.walk(statement)
        )

    def first_read(self, function: FunctionInfo, method: str) -> Read | None:
        """The read that every request of the method surely comes to, where it has a JSON content
        type; None where a condition that is not known stands before it."""
        return _Path(self, self._model, method).through(function)

    def tells_methods_apart(self, function: FunctionInfo) -> bool:
        return any(
            isinstance(node, s.Attribute) and node.name == "method" and self.is_request(node.value)
            for statement in function.node.body
            for node in s.walk(statement)
        )

    def used_for(self, function: FunctionInfo, name: str, method: str) -> bool:
        """Can a request of the method come to where ``name`` is read?"""
        path = _Path(self, self._model, method)
        return any(
            isinstance(node, s.Name) and node.id == name
            for part in path.reached(function.node.body)
            for node in s.walk(part)
            if not (isinstance(part, s.Assign) and node in part.targets)
        )


class _Path:
    """One walk along the statements that a request of a method runs."""

    def __init__(self, bodies: Bodies, model: CodeModel, method: str) -> None:
        self._bodies = bodies
        self._model = model
        self._method = method
        self._depth = 0
        self._calls: list[FunctionInfo] = []

    def through(self, function: FunctionInfo) -> Read | None:
        if len(self._calls) >= _MAX_DEPTH or function in self._calls:
            return None
        self._calls.append(function)
        found, _ = self._run(function.node.body, function)
        self._calls.pop()
        return found

    def _run(self, body: Sequence[s.Stmt], function: FunctionInfo) -> tuple[Read | None, bool]:
        """The first read, and whether what follows the statements is surely reached."""
        for statement in body:
            found, goes_on = self._statement(statement, function)
            if found is not None or not goes_on:
                return found, goes_on
        return None, True

    def _statement(self, node: s.Stmt, function: FunctionInfo) -> tuple[Read | None, bool]:
        match node:
            case s.If(test=test, body=body, orelse=orelse):
                found = self._expression(test, function)
                if found is not None:
                    return found, True
                holds = self.holds(test)
                if holds is not None:
                    return self._run(body if holds else orelse, function)
                return None, not any(_leaves(item) for item in (*body, *orelse))
            case s.With(items=items, body=body):
                for item in items:
                    found = self._expression(item.context, function)
                    if found is not None:
                        return found, True
                if any(_suppresses(item.context) for item in items):
                    return None, True
                return self._run(body, function)
            case s.Try(body=body, handlers=handlers, final=final):
                if any(_catches(handler) for handler in handlers):
                    return None, not any(_leaves(item) for item in body)
                found, goes_on = self._run(body, function)
                return (found, goes_on) if found is not None else (None, goes_on and not final)
            case s.Return(value=value) | s.Raise(value=value):
                return (self._expression(value, function) if value is not None else None), False
            case s.ExprStmt(value=value) | s.Assign(value=value) if value is not None:
                return self._expression(value, function), True
            case s.For() | s.While() | s.Switch() | s.Broken():
                return None, not _leaves(node)
        return None, True

    def _expression(self, expr: s.Expr, function: FunctionInfo) -> Read | None:
        for node in _certain(expr):
            match node:
                case s.Call(func=s.Attribute(name="get_json", value=request)):
                    if self._bodies.is_request(request) and not _is_silent(node):
                        return Read(node, function, "request.get_json()")
                case s.Attribute(name="json", value=request):
                    if self._bodies.is_request(request):
                        return Read(node, function, "request.json")
                case s.Call(func=func):
                    called = function_of(self._model, func, self._model.scope_of(node))
                    if called is not None and isinstance(called.node, s.Function):
                        inner = self.through(called) if not called.node.is_generator else None
                        if inner is not None:
                            return inner
        return None

    def reached(self, body: Sequence[s.Stmt]) -> Iterator[s.Node]:
        """The parts of the statements that a request can come to."""
        for statement in body:
            holds = self.holds(statement.test) if isinstance(statement, s.If) else None
            if not isinstance(statement, s.If) or holds is None:
                yield statement
                continue
            yield statement.test
            chosen = statement.body if holds else statement.orelse
            yield from self.reached(chosen)
            if chosen and isinstance(chosen[-1], s.Return | s.Raise):
                return

    # --- conditions ---

    def holds(self, test: s.Expr) -> bool | None:
        """Is the condition true for such a request? None where that is not known."""
        match test:
            case s.Unary(op="not", value=value):
                inner = self.holds(value)
                return None if inner is None else not inner
            case s.Binary(op="and" | "or" as op, left=left, right=right):
                sides = (self.holds(left), self.holds(right))
                decisive = op == "or"
                if decisive in sides:
                    return decisive
                return None if None in sides else not decisive
            case s.Attribute(name="is_json", value=request) if self._bodies.is_request(request):
                return True
            case s.Binary(op=op, left=left, right=right) if self._is_method(left):
                known = self._texts(right)
                if known is None:
                    return None
                return {
                    "in": self._method in known, "not in": self._method not in known,
                    "==": known == {self._method}, "!=": known != {self._method},
                }.get(op)  # fmt: skip
        return None

    def _is_method(self, expr: s.Expr) -> bool:
        return (
            isinstance(expr, s.Attribute)
            and expr.name == "method"
            and self._bodies.is_request(expr.value)
        )

    def _texts(self, expr: s.Expr) -> set[str] | None:
        found = self._model.definition(expr, self._model.scope_of(expr))
        value = found[0] if found is not None else expr
        match value:
            case s.Call(func=s.Name(id="frozenset" | "set" | "tuple" | "list"), args=[argument]):
                value = argument.value
        if isinstance(value, s.Sequence):
            texts = [text_of(item) for item in value.items]
            return None if None in texts else {text for text in texts if text is not None}
        text = text_of(value)
        return None if text is None else {text}


def _certain(expr: s.Expr) -> Iterator[s.Node]:
    """The parts of an expression that are always evaluated, innermost first."""
    order: list[s.Node] = []
    stack: list[s.Node] = [expr]
    while stack:
        node = stack.pop()
        order.append(node)
        match node:
            case s.Binary(op="and" | "or", left=left):
                stack.append(left)
            case s.Conditional(test=test):
                stack.append(test)
            case s.FunctionExpr() | s.Comprehension() | s.ClassExpr():
                pass
            case _:
                stack.extend(s.children(node))
    yield from reversed(order)


def _is_silent(call: s.Call) -> bool:
    if any(argument.star for argument in call.args):
        return True
    silent = call.argument(1, "silent")
    return silent is not None and not (isinstance(silent, s.Literal) and silent.value is False)


def _leaves(node: s.Node) -> bool:
    """Can the statement end the function, or the loop that it is in?"""
    return any(
        isinstance(inner, s.Return | s.Raise | s.Broken)
        for inner in s.walk(node, into_functions=False)
    )


def _catches(handler: s.Handler) -> bool:
    if handler.type is None:
        return True
    return any(
        (isinstance(node, s.Name) and node.id in _REFUSALS)
        or (isinstance(node, s.Attribute) and node.name in _REFUSALS)
        for node in s.walk(handler.type)
    )


def _suppresses(expr: s.Expr) -> bool:
    return isinstance(expr, s.Call) and (
        (isinstance(expr.func, s.Name) and expr.func.id == "suppress")
        or (isinstance(expr.func, s.Attribute) and expr.func.name == "suppress")
    )
