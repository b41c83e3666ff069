"""Writes of Prisma's client itself while one of its interactive transactions is open."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import FunctionInfo, Scope
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.prisma.client import WRITES, Client, Query
from ci_gate.codemodel.sequelize.origins import EACH
from ci_gate.codemodel.sequelize.transactions import bound, mentions
from ci_gate.codemodel.values import FunctionValue
from ci_gate.data import dataclass

_MAX_DEPTH: Final = 2


@dataclass(frozen=True, slots=True)
class Outside:
    """A write outside of the transaction that ``opened`` opens. ``called`` is the call in the
    transaction's function that leads to it, None where it stands there itself."""

    query: Query
    opened: s.Call
    opened_in: Scope
    called: tuple[s.Call, Scope] | None = None


@dataclass(frozen=True, slots=True)
class _Visit:
    function: FunctionInfo
    carriers: frozenset[str]
    opened: tuple[s.Call, Scope]
    called: tuple[s.Call, Scope] | None = None
    depth: int = 0


class Transactions:
    def __init__(self, client: Client) -> None:
        self._client = client
        self._model = client.model

    def outside(self) -> Iterator[Outside]:
        if not self._client.all or self._client.extensions.unknown:
            return
        for call, scope in self._model.calls_named("$transaction"):
            path = scope.module.path
            if scope.module.language == "python" or is_outside(path):
                continue
            callback = call.argument(0)
            if callback is None or isinstance(callback, s.Sequence):
                continue
            for value in self._model.evaluate(callback, scope):
                if isinstance(value, FunctionValue):
                    node = value.function.node
                    if isinstance(node, s.Function):
                        names = bound(node.params[:1])
                        yield from self._visit(_Visit(value.function, names, (call, scope)))

    def _visit(self, visit: _Visit) -> Iterator[Outside]:
        node = visit.function.node
        assert isinstance(node, s.Function)
        carriers = _derived(node, visit.carriers)
        for call in _calls(node):
            query = self._client.of_call.get(call)
            if query is not None:
                if query.method in WRITES and self._is_root(query, carriers):
                    yield Outside(query, *visit.opened, visit.called)
            elif visit.depth < _MAX_DEPTH and not mentions(call.func, carriers):
                yield from self._called(visit, call, carriers)

    def _called(self, visit: _Visit, call: s.Call, carriers: frozenset[str]) -> Iterator[Outside]:
        try:
            scope = self._model.scope_of(call)
        except KeyError:
            return
        values = self._model.evaluate(call.func, scope)
        value = next(iter(values)) if len(values) == 1 else None
        if not isinstance(value, FunctionValue) or is_outside(value.function.module.path):
            return
        node = value.function.node
        inner = _handed_on(node, call, carriers) if isinstance(node, s.Function) else None
        if inner is not None:
            yield from self._visit(
                _Visit(value.function, inner, visit.opened, visit.called or (call, scope),
                       visit.depth + 1)
            )  # fmt: skip

    # --- which client ---

    def _is_root(self, query: Query, carriers: frozenset[str]) -> bool:
        """Is the query surely asked of the client itself?"""
        return not mentions(query.client, carriers) and self._root(query.client, query.scope)

    def _root(self, expr: s.Expr, scope: Scope) -> bool:
        match expr:
            case s.Binary(op="or" | "??", left=s.Name(id=name), right=right):
                return self._is_parameter(name, scope, free=True) and self._root(right, scope)
            case s.Attribute(value=s.Name(id="this"), name=name):
                return not self._is_worked_out(name, scope)
            case s.Name(id=name):
                bindings = self._model.bindings(name, scope)
                if not bindings:
                    return False
                return self._is_parameter(name, scope, free=False) or all(
                    item.kind == "import" or _is_of_module(item.scope) for item in bindings
                )
        return False

    def _is_parameter(self, name: str, scope: Scope, *, free: bool) -> bool:
        """A parameter that nothing was given for: one with a default, or any (``free``)."""
        bindings = self._model.bindings(name, scope)
        return bool(bindings) and all(
            item.kind == "param"
            and isinstance(item.node, s.Param)
            and not item.path
            and item.scope.function is scope.function
            and (free or (item.node.default is not None and self._root(item.node.default, scope)))
            for item in bindings
        )

    def _is_worked_out(self, name: str, scope: Scope) -> bool:
        """Is the attribute of ``this`` what a getter gives?"""
        cls = scope.method.cls if scope.method is not None else None
        return cls is None or self._model.method(cls, name) is not None


def _is_of_module(scope: Scope) -> bool:
    return isinstance(scope.function.node, s.Module)


def _calls(function: s.Function) -> Iterator[s.Call]:
    """The calls that run with the function: those of callbacks of lists too, not those of handlers
    of errors and of functions that are kept for later."""
    stack: list[s.Node] = list(reversed(function.body))
    while stack:
        node = stack.pop()
        if isinstance(node, s.Call):
            yield node
            if not isinstance(node.func, s.Attribute) or node.func.name not in EACH:
                stack.extend(_without_functions(node))
                continue
        elif isinstance(node, s.FunctionDef | s.ClassDef | s.Handler | s.ClassExpr):
            continue
        if isinstance(node, s.Assign) and isinstance(node.value, s.FunctionExpr):
            continue
        stack.extend(reversed(list(s.children(node))))


def _without_functions(call: s.Call) -> list[s.Node]:
    below: list[s.Node] = [call.func]
    below.extend(item.value for item in call.args if not isinstance(item.value, s.FunctionExpr))
    return list(reversed(below))


def _derived(function: s.Function, carriers: frozenset[str]) -> frozenset[str]:
    """The carriers, and the variables that are made of them."""
    found = set(carriers)
    for statement in function.body:
        for node in s.walk(statement):
            if (
                isinstance(node, s.Assign)
                and node.value is not None
                and not isinstance(node.value, s.Await)
                and mentions(node.value, frozenset(found))
            ):
                for target in node.targets:
                    found |= {part.id for part in s.walk(target) if isinstance(part, s.Name)}
    return frozenset(found)


def _handed_on(
    function: s.Function, call: s.Call, carriers: frozenset[str]
) -> frozenset[str] | None:
    """The names that hold the transaction in a called function; None where that is not clear."""
    if any(item.star for item in call.args) or any(
        param.kind != "positional" for param in function.params
    ):
        return None
    found: set[str] = set()
    for param, argument in zip(function.params, call.args, strict=False):
        if mentions(argument.value, carriers):
            found |= bound([param])
    return frozenset(found)
