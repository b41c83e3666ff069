"""Which tables of a statement hang together."""

from __future__ import annotations

from collections.abc import Iterator

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dataflow.domain import (
    ColumnRef,
    Condition,
    Expression,
    Statement,
    Table,
)
from ci_gate.data import dataclass


@dataclass(frozen=True, slots=True)
class Island:
    """A table that nothing ties to the rest of its statement."""

    statement: Statement
    table: Table
    mainland: Table
    node: s.Node


def islands(statement: Statement, outer: frozenset[Table] = frozenset()) -> Iterator[Island]:
    """The tables that stand in FROM without a join or a comparison that ties them to the others.

    ``outer`` are the tables of the statement around a sub-select, with which it correlates: those
    of its own that nothing ties to it are told where nothing at all ties it to ``outer``. A
    statement with a part that is not understood has none.
    """
    for inner in (*statement.derived, *within(statement)):
        correlated = frozenset() if inner in statement.derived else _tables(statement) | outer
        yield from islands(inner, correlated)
    if statement.opaque or statement.kind != "select" or statement.derived:
        return
    if any(isinstance(item, Expression) and item.opaque for item in statement.selected):
        return
    if not _links_to(statement, outer):
        outer = frozenset()
    mine = _ordered(statement)
    main = next((table for table in mine if table not in outer), None)
    if main is None or len(mine) < 2:
        return
    sets = _Sets()
    for group in (outer, statement.joined | statement.tables):
        members = list(group)
        for other in members[1:]:
            sets.union(members[0], other)
    if statement.joined:
        sets.union(main, next(iter(statement.joined)))
    for condition in statement.conditions:
        for link in condition.expression.links:
            sets.union(link.left, link.right)
        if condition.kind == "join":
            tables = list(condition.expression.tables())
            for other in tables[1:]:
                sets.union(tables[0], other)
    for item in statement.selected:
        if isinstance(item, Expression):
            for link in item.links:
                sets.union(link.left, link.right)
    reached = {sets.find(main)} | {sets.find(table) for table in outer}
    for table in mine:
        if sets.find(table) not in reached and table not in outer:
            reached.add(sets.find(table))
            found = _condition_of(statement, table)
            yield Island(statement, table, main, found.node if found else statement.node)


def within(statement: Statement) -> list[Statement]:
    """The sub-selects in its conditions, and in what it selects."""
    found = [inner for condition in statement.conditions for inner in condition.expression.within]
    for item in statement.selected:
        if isinstance(item, Expression):
            found += item.within
    return found


def _links_to(statement: Statement, outer: frozenset[Table]) -> bool:
    """Does a comparison tie the sub-select to the statement around it?"""
    expressions = [condition.expression for condition in statement.conditions]
    expressions += [item for item in statement.selected if isinstance(item, Expression)]
    links = [(link.left, link.right) for item in expressions for link in item.links]
    links += [
        (one, other)
        for condition in statement.conditions
        if condition.kind == "join"
        for one in condition.expression.tables()
        for other in condition.expression.tables()
    ]
    return any((one in outer) != (other in outer) for one, other in links)


def _condition_of(statement: Statement, table: Table) -> Condition | None:
    for condition in statement.conditions:
        if table in condition.expression.tables():
            return condition
    return None


def _tables(statement: Statement) -> frozenset[Table]:
    return frozenset(_ordered(statement))


def _ordered(statement: Statement) -> list[Table]:
    """All tables of FROM, those selected first."""
    found: dict[Table, None] = {}
    for item in statement.selected:
        if isinstance(item, Table):
            found[item] = None
        elif isinstance(item, ColumnRef):
            found[item.table] = None
        elif isinstance(item, Expression):
            found.update(dict.fromkeys(sorted(item.tables(), key=_key)))
    found.update(dict.fromkeys(sorted(statement.tables, key=_key)))
    found.update(dict.fromkeys(sorted(statement.joined, key=_key)))
    for condition in statement.conditions:
        found.update(dict.fromkeys(sorted(condition.expression.tables(), key=_key)))
    return list(found)


def _key(table: Table) -> tuple[str, tuple[int, ...]]:
    return table.name, table.alias.span if table.alias is not None else ()


class _Sets:
    def __init__(self) -> None:
        self._parent: dict[Table, Table] = {}

    def find(self, table: Table) -> Table:
        while self._parent.get(table, table) != table:
            table = self._parent[table]
        return table

    def union(self, first: Table, second: Table) -> None:
        self._parent[self.find(first)] = self.find(second)
