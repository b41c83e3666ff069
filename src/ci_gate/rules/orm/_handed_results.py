"""Attributes of an entity, read of what a query gives as a whole (Sequelize, SQLAlchemy)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dataflow.events import Mistaken, Run
from ci_gate.findings import Related
from ci_gate.rules._caught import is_expected
from ci_gate.rules._defects import Defect
from ci_gate.rules._optional_chains import optional_chains
from ci_gate.rules._places import entry, spot
from ci_gate.rules.base import Facts
from ci_gate.rules.query._script_reads import is_tested

_SHOWN: Final = 4
_GIVEN: Final = {
    "list": "a list",
    "row": "a row that holds the object",
    "array": "an array",
    "page": "an object with `rows` and `count`",
    "number": "the number of rows that it changed",
}
_FIXES: Final = {
    "list": "Take one of them, or ask for one with `findOne`.",
    "array": "Take the array apart where it is given; that of an update holds the number of rows, "
    "and the row has to be read again.",
    "page": "Take it apart: `const {{ rows, count }} = await {what}(…)`.",
    "number": "Read the row with a query, or change the row itself (`row.update(…)`).",
}
_OF_PYTHON: Final = {
    "list": "Take one of them, or ask for one (`.first()`, `.one_or_none()`).",
    "row": "Ask for the objects: `session.scalars(…)`, or `.scalars()` of the result.",
}


def handed_on(facts: Facts) -> Iterator[Defect]:
    """The first place of each function for each query."""
    yield from _of_sequelize(facts)
    yield from _of_sqlalchemy(facts)


def _of_sequelize(facts: Facts) -> Iterator[Defect]:
    models = facts.entities.sequelize
    if not models.queries.all:
        return
    chains = optional_chains(facts)
    seen: set[tuple[s.Node, object]] = set()
    for run in facts.flows.all_scripts():
        for event in run.unbroken():
            place = event.place
            if not isinstance(event, Mistaken):
                continue
            key = place.function.node, event.origin
            if key in seen:
                continue
            if chains.is_one(place) or is_tested(facts.model, place, event.name):
                continue
            seen.add(key)
            assert event.origin is not None
            query = models.queries.of_call[event.origin]
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


def _of_sqlalchemy(facts: Facts) -> Iterator[Defect]:
    """A row or list of a result, where an object of the entity is meant, whatever way leads there:
    the other reads of the same place may have the object."""
    found: dict[s.Node, list[tuple[Run, Mistaken]]] = {}
    for run, event in facts.flows.unbroken():
        if isinstance(event, Mistaken) and not is_expected(event.place):
            found.setdefault(event.origin or event.place.function.node, []).append((run, event))
    for reads in found.values():
        reads.sort(key=lambda item: (item[1].place.path, item[1].place.node.span))
        run, event = reads[0]
        related = []
        if event.origin is not None:
            path = facts.flows.file_of(event.origin, run)
            related.append(Related(path, event.origin.line, "the query"))
        for node, function in event.place.calls[-2:]:
            related.append(Related(function.module.path, node.line, "called from here"))
        others = dict.fromkeys((e.place.path, e.place.node.line) for _, e in reads[1:])
        others.pop((event.place.path, event.place.node.line), None)
        for path, line in list(others)[:_SHOWN]:
            related.append(Related(path, line, "and here"))
        yield Defect(
            event.place.path,
            spot(event.place.node),
            f"`{event.name}` is read of {_GIVEN[event.what]}; it belongs to {event.model}.",
            f"AttributeError: a {'Row' if event.what == 'row' else 'list'} has no attribute "
            f"{event.name}. {entry(run)} answers 500 as soon as there is a row.",
            _OF_PYTHON[event.what],
            f"{event.place.function.name} reads {event.model}.{event.name}",
            tuple(related),
        )
