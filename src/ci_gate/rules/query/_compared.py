"""Key columns that an ORM's conditions compare."""

from __future__ import annotations

from collections.abc import Iterator

from ci_gate.codemodel.dataflow.domain import ColumnRef
from ci_gate.codemodel.dataflow.events import Compared, Place
from ci_gate.codemodel.entities import Column, Entity
from ci_gate.data import dataclass
from ci_gate.rules.base import Facts
from ci_gate.rules.query._names import share_keys


@dataclass(frozen=True, slots=True)
class WrongPair:
    """A foreign key, and the column of another table that it is compared with."""

    place: Place
    owner: Entity
    key: Column
    other_owner: Entity
    other: Column


def wrong_pairs(facts: Facts) -> Iterator[WrongPair]:
    """Comparisons of a foreign key with a key that it does not refer to."""
    seen: set[object] = set()
    for _, event in facts.flows.events():
        if not isinstance(event, Compared) or event.operator != "==":
            continue
        left, right = event.left.only(), event.right.only()
        if not isinstance(left, ColumnRef) or not isinstance(right, ColumnRef):
            continue
        if event.place.node in seen or left.table == right.table:
            continue
        for mine, theirs in ((left, right), (right, left)):
            found = _wrong(event.place, mine, theirs)
            if found is not None:
                seen.add(event.place.node)
                yield found
                break


def _wrong(place: Place, mine: ColumnRef, theirs: ColumnRef) -> WrongPair | None:
    key = mine.table.entity.columns.get(mine.column)
    other = theirs.table.entity.columns.get(theirs.column)
    if key is None or other is None or key.foreign_key is None:
        return None
    if other.foreign_key is not None or not other.primary_key:
        return None
    table = key.foreign_key.rpartition(".")[0].rpartition(".")[2]
    target = theirs.table.entity.table
    if target is None or not table or share_keys(table, target):
        return None
    return WrongPair(place, mine.table.entity, key, theirs.table.entity, other)
