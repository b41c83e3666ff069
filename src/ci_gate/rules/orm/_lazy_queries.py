"""Prisma: queries that nobody awaits. The client runs a query when it is awaited, not when it is
called."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import CodeModel, FunctionInfo
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.prisma.client import Client
from ci_gate.codemodel.surroundings import Surroundings
from ci_gate.codemodel.values import FunctionValue
from ci_gate.findings import Related
from ci_gate.rules._defects import Defect
from ci_gate.rules._places import spot

_MAX_DEPTH: Final = 4
#: Functions that drop what the function returns that they are given.
_DROPPING: Final = frozenset({"forEach", "setTimeout", "setInterval", "setImmediate", "nextTick"})


class LazyQueries:
    def __init__(self, client: Client) -> None:
        self._client = client
        self._model: CodeModel = client.model
        self._surroundings: Surroundings = client.origins.surroundings
        self._makes: dict[FunctionInfo, bool] = {}

    def dropped(self) -> Iterator[Defect]:
        """Queries that are made and never run."""
        if not self._client.all:
            return
        for query in self._client.all:
            yield from self._drops(query.call, query.path, query.label, None)
        makers = {
            query.scope.function for query in self._client.all if self.makes(query.scope.function)
        }
        for function in sorted(makers, key=lambda item: item.qualname):
            name = f"{function.cls.name}.{function.name}" if function.cls else function.name
            for edge in self._model.callers(function):
                path = edge.caller.module.path
                if edge.reason == "call" and isinstance(edge.node, s.Call) and not is_outside(path):
                    values = self._model.evaluate(edge.node.func)
                    if len(values) == 1:
                        yield from self._drops(edge.node, path, name, function)

    def makes(self, function: FunctionInfo, depth: int = 0) -> bool:
        """Does a call of the function give a query that has not run yet? An async function runs
        what it returns."""
        known = self._makes.get(function)
        if known is not None:
            return known
        self._makes[function] = False
        node = function.node
        if not isinstance(node, s.Function) or node.is_async or node.is_generator:
            return False
        returned = self._model.returned(function)
        self._makes[function] = bool(returned) and all(
            self._is_lazy(item, depth) for item in returned
        )
        return self._makes[function]

    def _is_lazy(self, expr: s.Expr, depth: int) -> bool:
        if not isinstance(expr, s.Call):
            return False
        if expr in self._client.of_call:
            return True
        values = self._model.evaluate(expr.func) if depth < _MAX_DEPTH else frozenset()
        return bool(values) and all(
            isinstance(item, FunctionValue) and self.makes(item.function, depth + 1)
            for item in values
        )

    def _drops(
        self, call: s.Call, path: str, name: str, maker: FunctionInfo | None
    ) -> Iterator[Defect]:
        how = self._how(call, path)
        if how is None:
            return
        related = []
        if maker is not None:
            place = maker.module.path, maker.node.line
            related.append(Related(*place, f"{name} gives the query"))
        function = self._model.scope_of(call).function
        node = function.node
        fix = "Put `await` before the call."
        if isinstance(node, s.Function) and not node.is_async:
            fix = (
                "Make the function around it `async`, put `await` before the call, and wait for it."
            )
            if how == "forEach":
                fix = "Use `for … of` with `await`, or `await Promise.all(items.map(…))`."
        yield Defect(
            path,
            spot(call),
            f"{name}() is not awaited, so the query never runs.",
            "Prisma's queries are lazy: nothing is sent to the database until the query is awaited "
            "or its `then` or `catch` is called. There is no error, and nothing is stored or read.",
            fix,
            f"{name} in {function.name}",
            tuple(related),
        )

    def _how(self, call: s.Call, path: str) -> str | None:
        """How what the call gives is dropped; None where it may be awaited."""
        for enclosing in self._surroundings.of(path, call):
            node = enclosing.node
            if isinstance(node, s.ExprStmt):
                return "statement"
            if isinstance(node, s.Unary) and node.op == "void":
                continue
            if isinstance(node, s.Return):
                return self._given_to_dropper(path, node)
            return None
        return None

    def _given_to_dropper(self, path: str, node: s.Return) -> str | None:
        """``items.forEach((item) => query)``."""
        function: s.Function | None = None
        for enclosing in self._surroundings.of(path, node):
            around = enclosing.node
            if function is None:
                if isinstance(around, s.Function):
                    if around.is_async:
                        return None
                    function = around
            elif isinstance(around, s.Call):
                name = getattr(around.func, "name", getattr(around.func, "id", ""))
                return name if name in _DROPPING and enclosing.branch == "args" else None
            elif not isinstance(around, s.FunctionExpr | s.Argument):
                return None
        return None
