"""The statements that chains of Drizzle make."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.builders.chains import Step, chain_of
from ci_gate.codemodel.builders.drizzletables import DrizzleTables
from ci_gate.codemodel.builders.facts import Pair, Source, Statement, Use
from ci_gate.codemodel.model import Scope

JOINS: Final = frozenset({"innerJoin", "leftJoin", "rightJoin", "fullJoin", "crossJoin"})
_CONDITIONS: Final = frozenset({"where", "orderBy", "groupBy", "having", "returning"})
_WRITES: Final = {"insert": "insert", "update": "update", "delete": "delete"}
_SELECTS: Final = frozenset({"select", "selectDistinct", "selectDistinctOn"})
#: Methods that leave the tables alone.
_NEUTRAL: Final = frozenset({
    "values", "set", "limit", "offset", "for", "execute", "get", "all", "run", "then", "catch",
    "finally", "onConflictDoNothing", "onConflictDoUpdate", "onDuplicateKeyUpdate", "toSQL",
    "$returningId", "overridingSystemValue", "$withCache", "useIndex", "forceIndex", "ignoreIndex",
})  # fmt: skip
METHODS: Final = JOINS | _CONDITIONS | _SELECTS | _NEUTRAL | frozenset(
    {*_WRITES, "from", "findMany", "findFirst", "prepare", "$dynamic", "as", "iterator",
     "getSQL", "leftJoinLateral", "innerJoinLateral", "crossJoinLateral", "union", "unionAll",
     "intersect", "except", "with"}
)  # fmt: skip


class DrizzleReader:
    """Reads the steps of one chain into a statement."""

    def __init__(self, tables: DrizzleTables, statement: Statement, scope: Scope) -> None:
        self._tables = tables
        self._statement = statement
        self._scope = scope

    def query(self, name: str, steps: Sequence[Step]) -> None:
        """``db.query.<name>.findMany({…})``."""
        statement = self._statement
        table = self._tables.named(name)
        statement.open = True
        statement.steps.extend(step.name for step in steps)
        statement.one = steps[0].name == "findFirst"
        if table is not None:
            statement.sources.append(Source(table.name, table.table, steps[0].call))

    def steps(self, steps: Sequence[Step]) -> None:
        statement = self._statement
        for step in steps:
            name = step.name
            statement.steps.append(name)
            if name in _WRITES:
                statement.kind = _WRITES[name]  # type: ignore[assignment]
                self._table(step.argument(0))
            elif name == "from":
                self._table(step.argument(0))
            elif name in JOINS:
                self._table(step.argument(0))
                self._join(step.argument(1))
            elif name in _CONDITIONS or name in _SELECTS:
                for argument in step.call.args:
                    self._columns(argument.value)
            elif name not in _NEUTRAL:
                statement.open = True

    def _table(self, expr: s.Expr | None) -> None:
        statement = self._statement
        table = self._tables.of(expr, self._scope) if expr is not None else None
        if expr is None or table is None or self._tables.is_alias(expr, self._scope):
            statement.open = True
        if expr is not None and table is not None:
            statement.sources.append(Source(table.name, table.table, expr))

    def _join(self, condition: s.Expr | None) -> None:
        if condition is None:
            return
        self._columns(condition)
        for node in s.walk(condition):
            match node:
                case s.Call(func=s.Name(id="eq"), args=[left, right]):
                    first, second = self._use(left.value), self._use(right.value)
                    if first is not None and second is not None:
                        self._statement.pairs.append(Pair(first, second, node))

    def _columns(self, expr: s.Expr) -> None:
        for node in _own(expr):
            use = self._use(node)
            if use is not None:
                self._statement.uses.append(use)

    def _use(self, node: s.Node) -> Use | None:
        if not isinstance(node, s.Attribute):
            return None
        table = self._tables.of(node.value, self._scope)
        if table is None or self._tables.is_alias(node.value, self._scope):
            return None
        return Use(node.name, table.name, node, self._scope.module.path)


def _own(expr: s.Node) -> Iterator[s.Node]:
    """What belongs to the statement itself: not sub-queries nor texts of SQL."""
    stack: list[s.Node] = [expr]
    while stack:
        node = stack.pop()
        if isinstance(node, s.Template | s.FunctionExpr):
            continue
        if isinstance(node, s.Call):
            chain = chain_of(node)
            if chain is not None and chain.names() & {"from", "getSQL", "mapWith", "as"}:
                continue
        yield node
        if not isinstance(node, s.Attribute):
            stack.extend(reversed(list(s.children(node))))
