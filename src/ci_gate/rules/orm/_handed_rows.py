"""Sequelize: attributes that are read of a row far from the query that left them out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dataflow.events import PartRead, Place, Run
from ci_gate.codemodel.sequelize.models import Models
from ci_gate.data import dataclass
from ci_gate.rules._optional_chains import optional_chains
from ci_gate.rules.base import Facts
from ci_gate.rules.orm._loaded_names import Loaded, has_method, loaded_with
from ci_gate.rules.query._script_reads import is_tested

_LISTS = frozenset({"findAll", "findAndCountAll"})


@dataclass(frozen=True, slots=True)
class Lack:
    """``name`` is read at ``place`` of a row that has no more than was ``asked``."""

    place: Place
    name: str
    asked: Loaded


def handed_on(facts: Facts) -> Iterator[Lack]:
    """The reads that surely give undefined where something else is meant.

    What several queries share, and makes an object for the answer of each row, may leave out on
    purpose what a list does not load: JSON has no undefined. Such a read counts only if no row has
    the attribute, or something is read of it.
    """
    models = facts.entities.sequelize
    chains = optional_chains(facts)
    reads: dict[s.Node, list[PartRead]] = {}
    for run in facts.flows.all_scripts():
        for event in _of_attributes(models, run):
            reads.setdefault(event.place.node, []).append(event)
    for events in reads.values():
        asked = [_asked(models, event) for event in events]
        lacking = next(
            (item for item, event in zip(asked, events, strict=True) if _lacks(item, event.name)),
            None,
        )
        first = events[0]
        if lacking is None or _may_be_set(models, lacking, first.name):
            continue
        if is_tested(facts.model, first.place, first.name) or chains.is_one(first.place):
            continue
        if _is_meant(facts, events, asked, lacking):
            yield Lack(first.place, first.name, lacking)


def _of_attributes(models: Models, run: Run) -> Iterator[PartRead]:
    for event in run.unbroken():
        if isinstance(event, PartRead):
            query = models.queries.of_call[event.row.call]
            model = models.queries.reached(query, event.row.path)
            if query.reads and model is not None and event.name in model.attributes:
                yield event


def _asked(models: Models, event: PartRead) -> Loaded | None:
    return loaded_with(models, models.queries.of_call[event.row.call], event.row.path)


def _lacks(asked: Loaded | None, name: str) -> bool:
    return asked is not None and name not in asked.names


def _may_be_set(models: Models, asked: Loaded, name: str) -> bool:
    """Is the value made by the model, or put there by the program?"""
    model = asked.model
    return (
        model.attributes[name].virtual
        or has_method(models, model, name)
        or bool(models.model.stores(name))
    )


def _is_meant(
    facts: Facts, events: Sequence[PartRead], asked: Sequence[Loaded | None], lacking: Loaded
) -> bool:
    """Is the attribute meant to be there?"""
    first = events[0]
    everywhere = all(_lacks(item, first.name) for item in asked)
    around = next(facts.model.surroundings.of(first.place.path, first.place.node), None)
    if around is not None and isinstance(around.node, s.Attribute):
        return True
    if lacking.query.method in _LISTS and not first.row.path:
        calls = {call for event in events for call, _ in event.place.calls}
        return everywhere and all(
            edge.node in calls for edge in facts.model.callers(first.place.function)
        )
    return everywhere or isinstance(lacking.node, s.Sequence)
