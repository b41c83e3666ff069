"""Sequelize: attributes of a row, read of what a query gives as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dataflow.events import Mistaken
from ci_gate.findings import Related
from ci_gate.rules._defects import Defect
from ci_gate.rules._places import entry, spot
from ci_gate.rules.base import Facts
from ci_gate.rules.orm._optional_chains import OptionalChains
from ci_gate.rules.query._script_reads import is_tested

_GIVEN: Final = {
    "list": "a list of rows",
    "array": "an array",
    "page": "an object with `rows` and `count`",
    "number": "the number of rows that it changed",
}
_FIXES: Final = {
    "list": "Take one of the rows, or ask for one with `findOne`.",
    "array": "Take the array apart where it is given; that of an update holds the number of rows, "
    "and the row has to be read again.",
    "page": "Take it apart: `const {{ rows, count }} = await {what}(…)`.",
    "number": "Read the row with a query, or change the row itself (`row.update(…)`).",
}


def handed_on(facts: Facts) -> Iterator[Defect]:
    """The first place of each function for each query."""
    models = facts.entities.sequelize
    if not models.queries.all:
        return
    chains = OptionalChains(facts.model)
    seen: set[tuple[s.Node, s.Node]] = set()
    for run in chain(facts.flows.of_scripts, facts.flows.of_other_scripts):
        for event in run.unbroken():
            place = event.place
            if not isinstance(event, Mistaken):
                continue
            key = place.function.node, event.call
            if key in seen:
                continue
            if chains.is_one(place) or is_tested(facts.model, place, event.name):
                continue
            seen.add(key)
            query = models.queries.of_call[event.call]
            what = f"{query.model.name}.{query.method}"
            yield Defect(
                place.path,
                spot(place.node),
                f"`{event.name}` is read of what {what}() gives, which is {_GIVEN[event.what]}.",
                f"`{event.name}` is undefined there, and calling it or reading something of it "
                f"raises TypeError: {entry(run)} gives a wrong answer or 500.",
                _FIXES[event.what].format(what=what),
                f"{what} in {place.function.name}",
                (Related(query.path, query.call.line, "the query"),),
            )
