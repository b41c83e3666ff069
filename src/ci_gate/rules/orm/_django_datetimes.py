"""Moments without time zone that Django's fields get."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.certain import Certain
from ci_gate.codemodel.dataflow.domain import ColumnRef
from ci_gate.codemodel.dataflow.events import Attribute, Compared, Place
from ci_gate.codemodel.entities import Column, Entity
from ci_gate.codemodel.entities.declarations import declarations
from ci_gate.codemodel.model import ClassInfo
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.values import ClassValue
from ci_gate.data import dataclass
from ci_gate.rules.base import Facts
from ci_gate.rules.orm._datetimes import Moments, Zone
from ci_gate.rules.orm._reads import service_functions

_COMPARED: Final = frozenset({"==", "exact", "gt", "gte", "lt", "lte", "range"})


@dataclass(frozen=True, slots=True)
class Given:
    """A moment without time zone, and the column that it is given to. ``how`` says it in a few
    words."""

    path: str
    expr: s.Expr
    entity: Entity
    column: Column
    how: str


def naive_in_django(facts: Facts, certain: Certain, moments: Moments) -> Iterator[Given]:
    """What fields that keep time zones get without one."""
    look = _Look(facts, certain, moments)
    if not look.has_fields():
        return
    yield from look.defaults()
    yield from look.assigned()
    for _, event in facts.flows.events():
        if isinstance(event, Compared) and event.operator in _COMPARED:
            yield from look.compared(event)
        elif isinstance(event, Attribute) and event.how == "keyword":
            yield from look.keyword(event)


class _Look:
    """What is looked at."""

    def __init__(self, facts: Facts, certain: Certain, moments: Moments) -> None:
        self._facts = facts
        self._certain = certain
        self._moments = moments

    def has_fields(self) -> bool:
        return any(
            column.type == "datetime-tz"
            for entity in self._facts.entities
            if entity.kind == "django"
            for column in entity.columns.values()
        )

    def defaults(self) -> Iterator[Given]:
        """``default=datetime.now`` in a model."""
        for entity, owner in self._owners():
            for item in declarations(owner, self._facts.model):
                column = _aware(entity, item.name)
                call = item.value
                if column is None or column.span[0] != item.node.span[0]:
                    continue
                default = call.argument(keyword="default") if isinstance(call, s.Call) else None
                if default is None:
                    continue
                zone = self._moments.called(default, item.scope)
                if (zone or self._moments.zone(default, item.scope)) == "naive":
                    yield Given(
                        column.path, default, entity, column, "is filled by its default with"
                    )

    def _owners(self) -> Iterator[tuple[Entity, ClassInfo]]:
        for entity in self._facts.entities:
            if entity.kind == "django" and entity.cls is not None and not is_outside(entity.path):
                for owner in (ClassValue(entity.cls), *self._facts.model.ancestors(entity.cls)):
                    if isinstance(owner, ClassValue):
                        yield entity, owner.cls

    def assigned(self) -> Iterator[Given]:
        """``article.published_at = datetime.now()``."""
        set_by_flow = {
            event.place.node: event.entity
            for _, event in self._facts.flows.events()
            if isinstance(event, Attribute) and event.how == "set" and event.certain
        }
        for function in service_functions(self._facts.model):
            for node in self._facts.model.own_nodes(function):
                if not isinstance(node, s.Assign) or node.value is None or node.op is not None:
                    continue
                for target in node.targets:
                    if not isinstance(target, s.Attribute):
                        continue
                    entity = set_by_flow.get(target) or self._entity(target.value)
                    column = _aware(entity, target.name)
                    if not isinstance(entity, Entity) or column is None:
                        continue
                    if self._zone(node.value) == "naive":
                        path = function.module.path
                        yield Given(path, node.value, entity, column, "is set to")

    def _entity(self, expr: s.Expr) -> Entity | None:
        classes = self._certain.objects(expr)
        if classes is None or len(classes) != 1:
            return None
        return self._facts.entities.of_class(next(iter(classes)))

    def compared(self, event: Compared) -> Iterator[Given]:
        """``filter(created_at__gte=datetime.now())``."""
        ref, node = event.left.only(), event.place.node
        if not isinstance(ref, ColumnRef) or not isinstance(node, s.Argument):
            return
        column = _aware(ref.table.entity, ref.column)
        if column is None:
            return
        held = node.value.items if isinstance(node.value, s.Sequence) else [node.value]
        for expr in held:
            if self._given(expr, event.place) == "naive":
                path = event.place.path
                yield Given(path, expr, ref.table.entity, column, "is compared with")
                return

    def keyword(self, event: Attribute) -> Iterator[Given]:
        """``Article.objects.create(published_at=datetime.now())``."""
        node = event.place.node
        column = _aware(event.entity, event.name)
        if not isinstance(node, s.Argument) or not isinstance(event.entity, Entity):
            return
        if column is not None and self._given(node.value, event.place) == "naive":
            yield Given(event.place.path, node.value, event.entity, column, "is given")

    # --- moments ---

    def _given(self, expr: s.Expr, place: Place) -> Zone | None:
        """The zone of an expression; a parameter's is that of what this call passes."""
        for index in range(len(place.calls), -1, -1):
            function = place.calls[index][1] if index < len(place.calls) else place.function
            argument = (
                self._passed(expr, function.node, place.calls[index - 1][0], function.cls)
                if index > 0
                else None
            )
            if argument is None:
                return self._zone(expr)
            expr = argument
        return None

    def _passed(
        self, expr: s.Expr, function: s.Node, call: s.Node, cls: ClassInfo | None
    ) -> s.Expr | None:
        """What the call passes for the parameter that ``expr`` reads."""
        if not isinstance(expr, s.Name) or not isinstance(function, s.Function):
            return None
        bindings = self._facts.model.bindings(expr.id, self._facts.model.scope_of(expr))
        if len(bindings) != 1 or bindings[0].kind != "param" or not isinstance(call, s.Call):
            return None
        params = [item.name for item in function.params if item.kind not in ("*", "**")]
        if expr.id not in params or any(item.star for item in call.args):
            return None
        bound = cls is not None and function.kind != "static"
        place = params.index(expr.id) - bound
        return call.argument(place if place >= 0 else None, expr.id)

    def _zone(self, expr: s.Expr) -> Zone | None:
        try:
            return self._moments.zone(expr, self._facts.model.scope_of(expr))
        except (KeyError, RecursionError):
            return None


def _aware(entity: object, name: str) -> Column | None:
    """The field of that name, if it keeps time zones."""
    if not isinstance(entity, Entity) or entity.kind != "django":
        return None
    column = entity.columns.get(name)
    return column if column is not None and column.type == "datetime-tz" else None
