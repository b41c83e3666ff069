from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dataflow.events import Place, Ran
from ci_gate.codemodel.entities import Entity
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.program import ClassInfo, FunctionInfo
from ci_gate.codemodel.values import ClassValue, ExternalValue, FunctionValue
from ci_gate.data import dataclass
from ci_gate.findings import Finding, Related
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.orm._paths import Surroundings, way

_ERRORS: Final = ("DoesNotExist", "MultipleObjectsReturned")
_RAISING: Final = frozenset({"get", "latest", "earliest", "aget", "alatest", "aearliest"})


_QUERY: Final = frozenset({"objects", *_RAISING})
_MAX_FUNCTIONS: Final = 30


@dataclass(frozen=True, slots=True)
class _Handler:
    """A handler for one model's error, with what may raise it."""

    node: s.Handler
    statement: s.Try
    function: FunctionInfo
    entity: Entity
    error: str


class WrongDoesNotExist(Rule):
    """The handler names the `DoesNotExist` of another model than the query's.

    `try: Comment.objects.get(…)`, `except Article.DoesNotExist:`.

    ## Why is this bad?
    Each model has a DoesNotExist of its own, and none is a subclass of another's. When the row is
    missing, the error passes the handler: the client gets 500 instead of 404. As long as the row is
    there, all is well.

    ## Fix
    Name the model that the query asks for, or `ObjectDoesNotExist`, which catches all of them.

    ## Silent on
    Blocks that read a relation to the named model or call what may ask for it, models that inherit
    from each other, blocks whose queries or calls are not all known, handlers beside one for the
    right model.

    ## Source
    Django, "Model class reference": Model.DoesNotExist is a subclass of ObjectDoesNotExist, one for
    each model.
    """

    id = "orm/wrong-does-not-exist"
    group = "orm"
    follows = True
    languages: ClassVar = ("python",)
    needs: ClassVar = ("django-orm",)

    def check(self, facts: Facts) -> Iterable[Finding]:
        look = _Look(facts)
        if not look.handlers:
            return
        asked: dict[_Handler, dict[s.Node, tuple[Place, Entity | None]]] = {}
        for run in facts.flows.runs:
            for event in run.events:
                if isinstance(event, Ran) and event.statement is not None:
                    for node, function in way(event.place):
                        for handler in look.handlers.get(node, ()):
                            if handler.function is function and look.raises(event):
                                entity = event.statement.focus if run.complete else None
                                asked.setdefault(handler, {})[event.place.node] = (
                                    event.place, entity.entity if entity is not None else None,
                                )  # fmt: skip
        for handler, queries in asked.items():
            places = [place for place, _ in queries.values()]
            entities = {entity for _, entity in queries.values()}
            if None in entities or not look.is_apart(handler, entities):
                continue
            yield self._finding(handler, places[0], next(iter(entities)))

    def _finding(self, handler: _Handler, place: Place, entity: Entity | None) -> Finding:
        assert entity is not None
        wrong = f"{handler.entity.name}.{handler.error}"
        return self.finding(
            handler.function.module.path,
            handler.node.type or handler.node,
            message=f"`{wrong}` is caught, and the query raises `{entity.name}.{handler.error}`",
            why="It is another class: the error passes the handler, and the request ends in a 500.",
            fix=f"Catch `{entity.name}.{handler.error}`.",
            subject=f"{handler.function.name} catches {wrong}",
            related=[Related(place.path, place.node.line, f"asks for {entity.name}")],
        )


class _Look:
    """What the rule looks at."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._model = facts.model
        self._surroundings = Surroundings()
        self.handlers: dict[s.Node, list[_Handler]] = {}
        for function in facts.model.functions.values():
            if function.module.language == "python" and not is_outside(function.module.path):
                self._gather(function)

    def _gather(self, function: FunctionInfo) -> None:
        if not isinstance(function.node, s.Function) or not any(
            map(_looks_for_one, self._model.nodes_of(function.module, s.Try))
        ):
            return
        for node in self._surroundings.parents(function).nodes:
            if isinstance(node, s.Try) and _looks_for_one(node):
                handler = self._handler(node, function)
                if handler is not None:
                    for part in node.body:
                        for inner in s.walk(part, into_functions=False):
                            self.handlers.setdefault(inner, []).append(handler)

    def _handler(self, node: s.Try, function: FunctionInfo) -> _Handler | None:
        handler = node.handlers[0]
        caught = handler.type
        assert isinstance(caught, s.Attribute)
        values = self._model.evaluate(caught.value)
        classes = [value.cls for value in values if isinstance(value, ClassValue)]
        if len(classes) != 1 or len(values) != 1:
            return None
        entity = self._facts.entities.of_class(classes[0])
        if entity is None or entity.kind != "django" or entity.abstract:
            return None
        if any(
            isinstance(around, s.Try) and part in around.body
            for around, part in self._surroundings.around(node, function)
        ):
            return None
        return _Handler(handler, node, function, entity, caught.name)

    def raises(self, event: Ran) -> bool:
        node = event.place.node
        return (
            event.how == "one"
            and isinstance(node, s.Call)
            and isinstance(node.func, s.Attribute)
            and node.func.name in _RAISING
        )

    def is_apart(self, handler: _Handler, entities: set[Entity | None]) -> bool:
        """Can nothing in the block raise the error that is caught?"""
        mine = handler.entity
        for entity in entities:
            if entity is None or entity.kind != "django" or self._are_kin(entity, mine):
                return False
        return not any(self._may_raise(node, mine, set()) for part in handler.statement.body
                       for node in s.walk(part, into_functions=False))  # fmt: skip

    def _are_kin(self, one: Entity, other: Entity) -> bool:
        if one is other or one.cls is None or other.cls is None:
            return True
        return other.cls in self._line(one.cls) or one.cls in self._line(other.cls)

    def _line(self, cls: ClassInfo) -> set[ClassInfo]:
        return {cls} | {
            value.cls for value in self._model.ancestors(cls) if isinstance(value, ClassValue)
        }

    def _may_raise(self, node: s.Node, entity: Entity, seen: set[FunctionInfo]) -> bool:
        if isinstance(node, s.Attribute):
            return any(
                relation.name == node.name and relation.target in (entity.name, None)
                for other in self._facts.entities
                for relation in other.relations.values()
            )
        if isinstance(node, s.Name):
            return any(
                isinstance(value, ClassValue) and value.cls is entity.cls
                for value in self._model.evaluate(node)
            )
        if isinstance(node, s.Raise):
            return True
        if not isinstance(node, s.Call):
            return False
        values = self._model.evaluate(node.func)
        if not values:
            return not _is_query(node)
        for value in values:
            if isinstance(value, FunctionValue):
                if value.function not in seen and len(seen) < _MAX_FUNCTIONS:
                    seen.add(value.function)
                    body = value.function.node.body
                    if any(
                        self._may_raise(inner, entity, seen)
                        for part in body
                        for inner in s.walk(part)
                    ):
                        return True
            elif not isinstance(value, ExternalValue | ClassValue):
                return True
        return len(seen) >= _MAX_FUNCTIONS


def _is_query(call: s.Call) -> bool:
    """A method of a query set or of a value: ``….filter(…).get(…)``."""
    return any(name in _QUERY for name in _names(call))


def _names(call: s.Call) -> Iterator[str]:
    node: s.Expr = call.func
    while isinstance(node, s.Attribute | s.Call):
        if isinstance(node, s.Attribute):
            yield node.name
            node = node.value
        else:
            node = node.func


def _looks_for_one(node: s.Try) -> bool:
    """``except Model.DoesNotExist`` and nothing else."""
    caught = node.handlers[0].type if len(node.handlers) == 1 else None
    return isinstance(caught, s.Attribute) and caught.name in _ERRORS
