"""Aggregates that are worked out over one join of several collections."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dataflow.domain import Measure, Statement
from ci_gate.codemodel.dataflow.events import Measured
from ci_gate.data import dataclass
from ci_gate.rules.base import Facts

#: The aggregates that come out otherwise when each row is there several times.
_SENSITIVE: Final = frozenset({"Count", "Sum", "ArrayAgg", "StringAgg", "JSONBAgg", "JSONArrayAgg"})


@dataclass(frozen=True, slots=True)
class Multiplied:
    """An aggregate, and the other collections whose rows multiply its own; ``other`` is the
    aggregate that joins the first of them, None where a filter does."""

    measure: Measure
    statement: Statement
    by: tuple[str, ...]
    other: Measure | None


def multiplied_measures(facts: Facts) -> Iterator[Multiplied]:
    """Each aggregate that counts or adds up rows which another join multiplies."""
    seen: set[s.Node] = set()
    for _, event in facts.flows.events():
        if not isinstance(event, Measured) or event.statement.opaque:
            continue
        for measure in event.statement.measures:
            if measure.node in seen or measure.distinct or measure.function not in _SENSITIVE:
                continue
            found = _multiplied(measure, event.statement)
            if found is not None:
                seen.add(measure.node)
                yield found


def _multiplied(measure: Measure, statement: Statement) -> Multiplied | None:
    """Nothing where the rows of a filter's join are what is counted (``Count("pk")`` of the posts
    that share a label: by how many)."""
    others = [item for item in statement.measures if item is not measure]
    by = {way: item for item in reversed(others) for way in item.across}
    ways: set[str] = set(by)
    if measure.across and not statement.distinct:
        ways |= statement.spread
    ways -= measure.across
    if not ways:
        return None
    named = tuple(sorted(ways))
    return Multiplied(measure, statement, named, by.get(named[0]))
