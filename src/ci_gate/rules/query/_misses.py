"""Counts over an outer join that count the row of an owner without items."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dataflow.domain import (
    ColumnRef,
    Expression,
    RelationRef,
    Statement,
    Table,
)
from ci_gate.codemodel.dataflow.events import Ran
from ci_gate.data import dataclass
from ci_gate.rules.base import Facts


@dataclass(frozen=True, slots=True)
class CountedMiss:
    """``statement`` counts rows for each ``owner``, and ``items`` are joined by an outer join.
    ``key`` is a column of the items that is never NULL."""

    statement: Statement
    owner: Table
    items: Table
    key: str
    join: s.Node


def counted_misses(facts: Facts) -> Iterator[CountedMiss]:
    """Each statement once, sub-selects included."""
    seen: set[s.Node] = set()
    for _, event in facts.flows.events():
        if not isinstance(event, Ran) or event.statement is None or event.how == "write":
            continue
        for statement in _parts(event.statement):
            if statement.node in seen:
                continue
            found = _counted_miss(statement)
            if found is not None:
                seen.add(statement.node)
                yield found


def _parts(statement: Statement, depth: int = 0) -> Iterator[Statement]:
    yield statement
    if depth > 4:
        return
    inner = chain(
        statement.derived,
        (one for item in statement.conditions for one in item.expression.within),
        (one for item in statement.selected if isinstance(item, Expression) for one in item.within),
    )
    for one in inner:
        yield from _parts(one, depth + 1)


def _counted_miss(statement: Statement) -> CountedMiss | None:
    if statement.library != "sqlalchemy" or statement.kind != "select" or statement.opaque:
        return None
    if not statement.grouped or not statement.multiplied or statement.derived:
        return None
    if len(statement.outer) != 1:
        return None
    (items,) = statement.outer
    groups = {ref for item in statement.where("group") for ref in item.expression.refs}
    owners = {ref.table for ref in groups}
    if len(owners) != 1 or len(statement.joined - {items} - owners) > 0:
        return None
    (owner,) = owners
    if owner == items or not _names_one(groups, owner):
        return None
    if any(
        ref.table == items for item in statement.where("filter") for ref in item.expression.refs
    ):
        return None
    if any(item.expression.aggregate for item in statement.where("filter")):
        return None
    if not any(_counts_owners(item, owner) for item in statement.selected):
        return None
    key = next((item.name for item in items.entity.columns.values() if item.primary_key), None)
    join = next((item.node for item in statement.where("join")), statement.node)
    return None if key is None else CountedMiss(statement, owner, items, key, join)


def _names_one(groups: set[ColumnRef | RelationRef], owner: Table) -> bool:
    """Each group is of one owner."""
    names = {ref.column for ref in groups if isinstance(ref, ColumnRef)}
    primary = {item.name for item in owner.entity.primary_key()}
    unique = any(item.unique for item in owner.entity.columns.values() if item.name in names)
    return unique or (bool(primary) and primary <= names)


def _counts_owners(item: object, owner: Table) -> bool:
    """The selected thing is a number of the join's rows, those without an item too."""
    if not isinstance(item, Expression):
        return False
    if item.counts == "rows":
        return True
    refs = [ref for ref in item.refs if isinstance(ref, ColumnRef) and ref.table == owner]
    return item.counts == "values" and len(refs) == len(item.refs) and all(
        owner.entity.columns[ref.column].nullable is False for ref in refs
    )  # fmt: skip
