from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dataflow.events import Attribute, Place
from ci_gate.codemodel.entities import Entity, Relation
from ci_gate.findings import Finding, Related
from ci_gate.rules._places import spot
from ci_gate.rules.base import Facts, Rule


class UnknownLookup(Rule):
    """A Django query names a field or relation that the model does not have.

    In `filter`, `exclude`, `order_by`, `values`, `annotate`, `select_related`, `prefetch_related`
    and the expressions inside them; each part of `author__profile__name` is followed. Or
    `select_related` names a collection, which only `prefetch_related` loads.

    ## Why is this bad?
    `FieldError: Cannot resolve keyword ... into field` when the query set is built: the endpoint is
    a 500, and only when that branch runs.

    ## Fix
    Use the field's or relation's name as the model (or `related_name`) defines it.

    ## Silent on
    Annotations, JSON keys, transforms, models with fields that cannot all be seen, query sets that
    could not be followed, names that a condition asks for (`"name" in fields`) or that are tried
    out (`except FieldError`).

    ## Source
    Django, "Field lookups"; constraint decay, arXiv 2605.06445: wrong field and alias names.
    """

    id = "query/unknown-lookup"
    group = "query"
    follows = True
    languages = ("python",)

    def check(self, facts: Facts) -> Iterable[Finding]:
        seen: set[tuple[object, str]] = set()
        told: set[tuple[str, int, str, str]] = set()
        for run, event in facts.flows.events():
            if (
                not isinstance(event, Attribute)
                or event.how != "lookup"
                or event.found is not False
            ):
                continue
            entity = event.entity
            if not isinstance(entity, Entity) or (event.place.node, event.path) in seen:
                continue
            if event.name in run.named or _is_tried(facts, event.place):
                continue
            seen.add((event.place.node, event.path))
            place = (event.place.path, event.place.node.line, entity.name)
            if (*place, event.name) in told or (*place, "**") in told:
                continue
            told.add((*place, "**" if _is_spread(event.place.node) else event.name))
            relation = entity.relations.get(event.name)
            if relation is not None and relation.many and _is_joined(facts, event.place):
                yield self._collection(event, entity, relation)
                continue
            names = {*entity.columns, *(r.lookup or r.name for r in entity.relations.values())}
            if event.name in names:  # prefetch_related() takes attributes' names
                names = {r.name for r in entity.relations.values()} - {event.name}
            near = get_close_matches(event.name, sorted(names), 1)
            hint = f"; `{near[0]}` is near" if near else ""
            written = f" (in `{event.path}`)" if event.path and event.path != event.name else ""
            yield self.finding(
                event.place.path,
                spot(event.place.node),
                message=f"{entity.name} has no field or relation `{event.name}`{written}{hint}",
                why=(
                    "Django raises FieldError when this query set is built: the request that takes"
                    " this way ends in a 500."
                ),
                fix=(f"Use `{near[0]}`." if near else f"Use a field or relation of {entity.name}."),
                subject=f"{entity.name}.{event.path or event.name}",
                related=[Related(entity.path, entity.span[0], f"{entity.name} is defined here")],
            )

    def _collection(self, event: Attribute, entity: Entity, relation: Relation) -> Finding:
        return self.finding(
            event.place.path,
            spot(event.place.node),
            message=(
                f"`{event.path}` is a collection of {entity.name}, and select_related() joins"
                " single objects only"
            ),
            why=(
                "Django raises FieldError (Invalid field name(s) given in select_related) when the"
                " query runs: the request ends in a 500."
            ),
            fix=f'Load it with `prefetch_related("{event.path}")`.',
            subject=f"{entity.name}.{event.path} in select_related",
            related=[Related(relation.path, relation.span[0], "the relation is defined here")],
        )


def _is_joined(facts: Facts, place: Place) -> bool:
    """Does the name stand in a call of ``select_related``?"""
    around = facts.model.surroundings.of(place.path, place.node)
    call = next((item.node for item in around if isinstance(item.node, s.Call)), None)
    if call is None and isinstance(place.node, s.Call):
        call = place.node
    return (
        call is not None
        and isinstance(call.func, s.Attribute)
        and call.func.name == "select_related"
    )


def _is_tried(facts: Facts, place: Place) -> bool:
    """``try: … except FieldError:``: the code finds out which of several names the model has."""
    return any(
        isinstance(enclosing.node, s.Try)
        and enclosing.branch in ("body", "handlers")
        and any(_catches(handler.type) for handler in enclosing.node.handlers)
        for enclosing in facts.model.surroundings.of(place.path, place.node)
    )


def _catches(named: s.Expr | None) -> bool:
    names = named.items if isinstance(named, s.Sequence) else [named]
    return any(s.dotted(name).rpartition(".")[2] == "FieldError" for name in names if name)


def _is_spread(node: object) -> bool:
    """The names stand in the call nowhere: they come with one ``**filters``, and are one defect."""
    return isinstance(node, s.Call)
