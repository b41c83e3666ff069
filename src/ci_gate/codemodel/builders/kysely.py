"""The statements that chains of Kysely make."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.builders.chains import Step, chain_of
from ci_gate.codemodel.builders.facts import Pair, Source, Statement, Use
from ci_gate.codemodel.builders.knexnames import column_name, star_of, table_name
from ci_gate.codemodel.builders.literals import Literals
from ci_gate.codemodel.model import Scope

JOINS: Final = frozenset({
    "innerJoin", "leftJoin", "rightJoin", "fullJoin", "crossJoin",
})  # fmt: skip
_TABLES: Final = {
    "selectFrom": "select", "insertInto": "insert", "replaceInto": "insert",
    "updateTable": "update", "deleteFrom": "delete",
}  # fmt: skip
EXECUTES: Final = frozenset({"execute", "executeTakeFirst", "executeTakeFirstOrThrow", "stream"})
#: Methods that leave tables and results alone.
_NEUTRAL: Final = EXECUTES | frozenset({
    "limit", "offset", "fetch", "top", "distinct", "distinctOn", "forUpdate", "forShare",
    "skipLocked", "noWait", "returningAll", "selectAll", "compile", "explain", "onConflict",
    "onDuplicateKeyUpdate", "ignore", "clearWhere", "clearOrderBy", "clearLimit", "clearOffset",
    "clearGroupBy", "modifyFront", "modifyEnd", "$castTo", "$narrowType", "$assertType",
    "$notNull", "ifNotExists", "defaultValues", "columns", "as", "union", "unionAll", "whereRef",
    "having", "havingRef", "then", "catch",
})  # fmt: skip
METHODS: Final = JOINS | _NEUTRAL | frozenset(
    {*_TABLES, "select", "where", "orderBy", "groupBy", "returning", "values", "set", "$if",
     "$call", "with", "withRecursive", "innerJoinLateral", "leftJoinLateral", "using", "from",
     "expression", "clearSelect", "toOperationNode", "intersect", "except"}
)  # fmt: skip


class KyselyReader:
    """Reads the steps of one chain into a statement."""

    def __init__(self, literals: Literals, statement: Statement, scope: Scope) -> None:
        self._literals = literals
        self._statement = statement
        self._scope = scope
        self._path = scope.module.path

    def steps(self, steps: Sequence[Step]) -> None:
        for step in steps:
            self._statement.steps.append(step.name)
            self._step(step)

    def _step(self, step: Step) -> None:
        statement, name = self._statement, step.name
        first = step.argument(0)
        if name in _TABLES:
            statement.kind = _TABLES[name]  # type: ignore[assignment]
            for expr in first.items if isinstance(first, s.Sequence) else [first]:
                self._table(expr)
        elif name in ("from", "using"):
            self._table(first)
        elif name in JOINS:
            self._join(step)
        elif name in ("select", "returning"):
            self._select(first)
        elif name in ("where", "whereRef", "having", "havingRef"):
            sorts = name.startswith("having")
            if len(step.call.args) == 3:
                self._column(first, sorts=sorts)
                if name.endswith("Ref"):
                    self._column(step.argument(2), sorts=sorts)
        elif name in ("orderBy", "groupBy"):
            for expr in first.items if isinstance(first, s.Sequence) else [first]:
                self._column(_sorted(expr), sorts=True)
        elif name == "values":
            self._rows(first)
        elif name == "set":
            if len(step.call.args) == 2:
                self._column(first, writes=True)
            else:
                self._rows(first)
        elif name not in _NEUTRAL:
            statement.open = statement.hidden = True
        statement.one = statement.one or name.startswith("executeTakeFirst")

    def _table(self, expr: s.Expr | None) -> None:
        text = self._literals.text(expr)
        found = table_name(text) if text is not None else None
        if expr is None or found is None:
            self._statement.open = True
        else:
            self._statement.sources.append(Source(found[1], found[0], expr))

    def _join(self, step: Step) -> None:
        self._table(step.argument(0))
        match [item.value for item in step.call.args[1:]]:
            case [s.FunctionExpr(function=function)]:
                for node in s.walk(function):
                    if isinstance(node, s.Call) and isinstance(node.func, s.Attribute):
                        self._on(node, node.func.name)
            case [left, right]:
                self._pair(left, right)

    def _on(self, call: s.Call, name: str) -> None:
        match [item.value for item in call.args]:
            case [left, s.Literal(value="="), right] if name == "onRef":
                self._pair(left, right)
            case [left, _, right] if name == "onRef":
                self._column(left)
                self._column(right)
            case [left, _, _] if name == "on":
                self._column(left)

    def _pair(self, left: s.Expr, right: s.Expr) -> None:
        first, second = self._column(left), self._column(right)
        if first is not None and second is not None:
            self._statement.pairs.append(Pair(first, second, left))

    def _column(
        self, expr: s.Expr | None, *, sorts: bool = False, writes: bool = False
    ) -> Use | None:
        text = self._literals.text(expr)
        found = column_name(text) if text is not None else None
        if expr is None or found is None:
            return None
        use = Use(found[1], found[0], expr, self._path, sorts, writes)
        self._statement.uses.append(use)
        return use

    def _select(self, expr: s.Expr | None) -> None:
        statement = self._statement
        for item, scope in self._items(expr):
            text = self._literals.text(item)
            if text is None:
                statement.hidden = True
            elif star_of(text) is None:
                found = column_name(text)
                if found is None:
                    statement.hidden = True
                else:
                    statement.results.add(found[2])
                    statement.uses.append(Use(found[1], found[0], item, scope.module.path))

    def _items(self, expr: s.Expr | None) -> Iterator[tuple[s.Expr, Scope]]:
        if expr is None:
            return
        if isinstance(expr, s.Sequence | s.Name):
            listed = self._literals.items(expr, self._scope)
            if listed is not None:
                yield from listed
                return
            if isinstance(expr, s.Sequence):
                self._statement.hidden = True
                for item in expr.items:
                    if not isinstance(item, s.Starred):
                        yield item, self._scope
                return
        yield expr, self._scope

    def _rows(self, expr: s.Expr | None) -> None:
        for row in self._literals.rows(expr, self._scope):
            for entry in row.entries:
                if isinstance(entry.key, s.Literal):
                    self._column(entry.key, writes=True)


def _sorted(expr: s.Expr | None) -> s.Expr | None:
    """The column of ``"created_at desc"``."""
    if isinstance(expr, s.Literal) and isinstance(expr.value, str):
        name, _, order = expr.value.partition(" ")
        if order.strip().lower() in ("asc", "desc"):
            return s.Literal(expr.span, name, "string")
    return expr


def ctes_of(call: s.Call) -> frozenset[str]:
    """The names that ``with("name", …)`` of a chain gives to sub-queries."""
    chain = chain_of(call)
    names: set[str] = set()
    for step in chain.steps if chain is not None else ():
        if step.name.startswith("with"):
            first = step.argument(0)
            if isinstance(first, s.Literal) and isinstance(first.value, str):
                names.add(first.value.partition("(")[0].strip())
    return frozenset(names)
