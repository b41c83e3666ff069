"""Query builders of Node: where rows come from, and which chains ask for more of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.builders.chains import chain_of
from ci_gate.codemodel.builders.facts import Statement
from ci_gate.codemodel.builders.statements import Builders
from ci_gate.codemodel.model import Scope
from ci_gate.codemodel.sequelize.origins import SAME
from ci_gate.codemodel.values import FunctionValue
from ci_gate.rules.query._row_sources import Asked, Listing

_SMALL: Final = 5
_MAX_DEPTH: Final = 6
#: Methods of chains that store.
WRITES: Final = frozenset({
    "insert", "update", "del", "delete", "increment", "decrement", "upsert", "batchInsert",
    "insertInto", "updateTable", "deleteFrom", "replaceInto",
})  # fmt: skip
_COUNTS: Final = frozenset({"count", "countDistinct", "sum", "min", "max", "avg"})


class BuilderRows:
    remedy = (
        "Ask for all rows at once before the loop (`whereIn`, `inArray`, `where(…, 'in', ids)`, a "
        "grouped count), or join the table in the statement of the list."
    )

    def __init__(self, builders: Builders) -> None:
        self._builders = builders

    def present(self) -> bool:
        return bool(self._builders.statements)

    def listings(self, expr: s.Expr, scope: Scope) -> Iterator[Listing]:
        """The statements whose rows ``expr`` may be, without those that give a handful at most."""
        for statement in self._rows(expr, scope, 0):
            if statement.kind != "select" or statement.one or not statement.sources:
                continue
            if _is_small(statement):
                continue
            if "groupBy" not in statement.steps and _COUNTS.intersection(statement.steps):
                continue
            table = statement.sources[0].table or statement.sources[0].name
            yield Listing(f"`{table}`", statement.path, statement.call)

    def _rows(self, expr: s.Expr, scope: Scope, depth: int) -> Iterator[Statement]:
        """The statements that an expression is the rows of, through variables and functions that
        return them; what a caller hands in is not followed."""
        if depth > _MAX_DEPTH:
            return
        model = self._builders.model
        match expr:
            case s.Await(value=value) | s.Binary(op="or" | "??", left=value):
                yield from self._rows(value, scope, depth + 1)
            case s.Name(id=name):
                bindings = model.bindings(name, scope)
                if len(bindings) == 1 and bindings[0].kind == "value" and not bindings[0].path:
                    value = bindings[0].node  # type: ignore[assignment]
                    yield from self._rows(value, bindings[0].scope, depth + 1)
            case s.Call(func=func):
                statement = self._builders.of_call(expr)
                if statement is not None:
                    yield statement
                    return
                if isinstance(func, s.Attribute) and func.name in SAME:
                    yield from self._rows(func.value, scope, depth + 1)
                    return
                values = model.evaluate(func, scope)
                only = next(iter(values)) if len(values) == 1 else None
                if isinstance(only, FunctionValue):
                    inner = model.function_scope(only.function)
                    for returned in model.returned(only.function):
                        yield from self._rows(returned, inner, depth + 1)

    def asked(self, call: s.Call) -> Asked | None:
        statement = self._builders.of_call(call)
        if statement is None:
            return None
        reads = statement.kind == "select" and bool(statement.sources)
        return Asked(statement.short(), statement.path, reads)

    def of_row(self, call: s.Call, scope: Scope) -> str | None:
        """Rows are plain objects."""
        del call, scope
        return None


def _is_small(statement: Statement) -> bool:
    chain = chain_of(statement.call)
    for step in chain.steps if chain is not None else ():
        given = step.argument(0)
        if step.name in ("findMany", "findFirst") and isinstance(given, s.Mapping):
            given = given.get("limit")
        elif step.name != "limit":
            continue
        number = given.value if isinstance(given, s.Literal) else None
        if isinstance(number, int) and number <= _SMALL:
            return True
    return False
