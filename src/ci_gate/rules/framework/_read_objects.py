"""Pydantic models that are filled from the attributes of stored objects."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.entities import Entity
from ci_gate.codemodel.model import ClassInfo, Scope
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.values import ClassValue, ExternalValue, InstanceValue
from ci_gate.data import dataclass
from ci_gate.rules.base import Facts
from ci_gate.rules.orm._members import Members

_READING: Final = ("model_validate", "from_orm")
_ONE: Final = frozenset({"scalar", "scalar_one", "scalar_one_or_none"})
_MAX_DEPTH: Final = 3
#: Bases that say nothing of how objects are read.
PLAIN_BASES: Final = frozenset(
    {"pydantic.BaseModel", "pydantic.main.BaseModel", "object", "abc.ABC", "typing.Generic"}
)


@dataclass(frozen=True, slots=True)
class RequiredName:
    """A field that has to be given, under one of ``keys``, and where it is declared."""

    name: str
    keys: frozenset[str]
    path: str
    line: int


@dataclass(frozen=True, slots=True)
class Lack:
    """``cls`` asks for fields that ``entity`` has no attributes for; without fields: nothing allows
    it to read attributes at all."""

    path: str
    call: s.Call
    cls: ClassInfo
    entity: Entity
    fields: tuple[RequiredName, ...]


Required = Callable[[ClassInfo], Sequence[RequiredName] | None]


def lacks(facts: Facts, required: Required, key: Callable[[str], str]) -> Iterator[Lack]:
    """The calls of ``model_validate(item)`` that cannot find what the class requires, in the class
    itself or in one that a relation is read into."""
    model = facts.model
    members = Members(facts, facts.doubting)
    for name in _READING:
        for call, scope in model.calls_named(name):
            path = scope.module.path
            given = call.argument(0, "obj")
            if is_outside(path) or given is None or not isinstance(call.func, s.Attribute):
                continue
            values = model.evaluate(call.func.value, scope)
            only = next(iter(values)) if len(values) == 1 else None
            entity = _entity(facts, given, scope) if isinstance(only, ClassValue) else None
            if not isinstance(only, ClassValue):
                continue
            if entity is None or entity.kind not in ("sqlalchemy", "sqlmodel"):
                continue
            if not _reads_attributes(facts, only.cls, call):
                yield Lack(path, call, only.cls, entity, ())
                continue
            for cls, owner, fields in _missing(facts, members, required, key, only.cls, entity):
                yield Lack(path, call, cls, owner, fields)
                break


def _entity(facts: Facts, given: s.Expr, scope: Scope) -> Entity | None:
    """The one entity that the expression is an object of."""
    classes = facts.doubting.objects(given, scope)
    if not classes:
        values = facts.model.evaluate(given, scope)
        classes = frozenset(value.cls for value in values if isinstance(value, InstanceValue))
        if len(classes) != len(values):
            classes = _queried(facts, given, scope)
    return facts.entities.of_class(next(iter(classes))) if len(classes) == 1 else None


def _queried(facts: Facts, given: s.Expr, scope: Scope) -> frozenset[ClassInfo]:
    """The class of ``session.get(Item, 1)`` or ``session.scalar(select(Item))``."""
    found = facts.model.definition(given, scope)
    expr, home = found if found is not None else (given, scope)
    if isinstance(expr, s.Await):
        expr = expr.value
    if not isinstance(expr, s.Call):
        return frozenset()
    name = s.last_name(expr.func)
    asked: list[s.Expr | None] = [expr.argument(0)] if name in ("get", "get_one") else []
    if name in _ONE:
        asked = [
            node.argument(0)
            for node in s.walk(expr)
            if isinstance(node, s.Call) and s.last_name(node.func) == "select"
            if len(node.args) == 1
        ]
    values = {
        value for item in asked if item is not None for value in facts.model.evaluate(item, home)
    }
    return frozenset(value.cls for value in values if isinstance(value, ClassValue))


def _reads_attributes(facts: Facts, cls: ClassInfo, call: s.Call) -> bool:
    """May the class read the attributes of objects, for all that is known of its bases?"""
    if any(item.keyword is not None or item.star for item in call.args):
        return True
    bases = list(facts.model.ancestors(cls))
    if any(isinstance(base, ExternalValue) and base.path not in PLAIN_BASES for base in bases):
        return True
    lineage = [cls, *(base.cls for base in bases if isinstance(base, ClassValue))]
    return any(
        bool({"from_attributes", "orm_mode"} & _names(node))
        for one in lineage
        for node in s.walk(one.node)
    ) or any(one.node.decorators for one in lineage)


def _names(node: s.Node) -> set[object]:
    match node:
        case s.Argument(keyword=str(name)) | s.Name(id=name):
            return {name}
        case s.Literal(value=str(text)):
            return {text}
    return set()


def _missing(
    facts: Facts, members: Members, required: Required, key: Callable[[str], str],
    cls: ClassInfo, entity: Entity, depth: int = 0,
) -> Iterator[tuple[ClassInfo, Entity, tuple[RequiredName, ...]]]:  # fmt: skip
    wanted, names = required(cls), members.of_entity(entity)
    if wanted is None or names is None or entity.cls is None or depth == _MAX_DEPTH:
        return
    known = {key(name) for name in names}
    fields = tuple(
        item
        for item in wanted
        if not item.keys & known
        and not members.is_loose(item.name, entity.kind)
        and not members.set_elsewhere(entity.cls, item.name)
    )
    if fields:
        yield cls, entity, fields
    for statement in cls.node.body:
        match statement:
            case s.Assign(targets=[s.Name(id=name)], annotation=annotation) if annotation:
                relation = entity.relations.get(name)
                target = relation.target_cls if relation is not None else None
                inner = facts.entities.of_class(target) if target is not None else None
                part = _class_in(facts, cls, annotation)
                if inner is not None and part is not None:
                    yield from _missing(facts, members, required, key, part, inner, depth + 1)


def _class_in(facts: Facts, cls: ClassInfo, annotation: s.Expr) -> ClassInfo | None:
    """The one class of the tree that the annotation names (``list[Author]``)."""
    scope = facts.model.class_scope(cls)
    found = {
        value.cls
        for node in s.walk(annotation)
        if isinstance(node, s.Name | s.Attribute)
        for value in facts.model.evaluate(node, scope)
        if isinstance(value, ClassValue)
    }
    return found.pop() if len(found) == 1 else None
