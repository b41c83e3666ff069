"""All names that an entity answers to: what rules on undefined attributes compare with."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from weakref import WeakKeyDictionary

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.entities.django import openness
from ci_gate.codemodel.entities.django.declared import Body, read_body
from ci_gate.codemodel.entities.facts import Entity
from ci_gate.codemodel.entities.library_attributes import PYTHON, library_attributes
from ci_gate.codemodel.entities.registry import Entities
from ci_gate.codemodel.model import ClassInfo, CodeModel
from ci_gate.codemodel.values import ClassValue, ExternalValue

_DATES: Final = frozenset({"date", "datetime", "datetime-tz", None})
_MAX_SUBCLASSES: Final = 400
_BASE_MAKERS: Final = frozenset({"declarative_base", "SQLAlchemy", "generate_base"})
_NOT_ASKED: Final = frozenset({""})


def attributes(model: CodeModel, entities: Entities, entity: Entity) -> frozenset[str] | None:
    """Every attribute name that an instance or the class of ``entity`` has.

    Columns and relations, those that other entities imply, managers, methods, properties, class
    attributes, what its methods set on ``self``, and what its library's base classes bring. The
    names of its subclasses are among them: what is declared as the parent may be one of theirs.
    None where some may exist that cannot be told.
    """
    table = _tables.get(entities)
    if table is None:
        table = _tables[entities] = _Attributes(model, entities)
    return table.of(entity)


class _Attributes:
    def __init__(self, model: CodeModel, entities: Entities) -> None:
        self._model = model
        self._all = [item for item in entities if item.cls is not None]
        self._of_class = {item.cls: item for item in self._all}
        self._found: dict[Entity, frozenset[str] | None] = {}
        self._own: dict[ClassInfo, frozenset[str] | None] = {}
        self._bodies: dict[ClassInfo, Body] = {}
        self._patches: openness.Patches | None = None
        self._loose: dict[str, frozenset[str]] = {}
        self._base_names: frozenset[str] | None = _NOT_ASKED

    def of(self, entity: Entity) -> frozenset[str] | None:
        if entity not in self._found:
            self._found[entity] = self._work_out(entity)
        return self._found[entity]

    def _work_out(self, entity: Entity) -> frozenset[str] | None:
        names: set[str] = set()
        for item in self._family(entity):
            own = self._one(item)
            if own is None:
                return None
            names |= own
        return frozenset(names)

    def _family(self, entity: Entity) -> Iterator[Entity]:
        """The entity and those derived from it."""
        yield entity
        queue = [entity.cls] if entity.cls is not None else []
        seen = set(queue)
        while queue and len(seen) < _MAX_SUBCLASSES:
            for cls in self._model.subclasses(queue.pop()):
                below = self._of_class.get(cls)
                if cls not in seen:
                    seen.add(cls)
                    queue.append(cls)
                    if below is not None:
                        yield below

    def _one(self, entity: Entity) -> frozenset[str] | None:
        if not entity.known or entity.cls is None:
            return None
        names = set(PYTHON) | entity.columns.keys() | entity.relations.keys()
        for base in (ClassValue(entity.cls), *self._model.ancestors(entity.cls)):
            if isinstance(base, ClassValue):
                own = self._of_body(base.cls)
            else:
                own = library_attributes(base.path) if isinstance(base, ExternalValue) else None
            if own is None:
                return None
            names |= own
        if entity.kind == "django":
            names.update(self._made_by_django(entity))
        elif entity.kind == "sqlalchemy":
            given = self._given_base_names()
            if given is None:
                return None
            names |= given
        return frozenset(names | self._loose_names(entity.kind))

    def _body(self, cls: ClassInfo) -> Body:
        if cls not in self._bodies:
            self._bodies[cls] = read_body(self._model, cls)
        return self._bodies[cls]

    def _of_body(self, cls: ClassInfo) -> frozenset[str] | None:
        """What the class itself defines, or others put on it."""
        if cls not in self._own:
            if self._patches is None:
                lineage = {cls: None for item in self._all for cls in self._lineage(item)}
                self._patches = openness.find_patches(self._model, lineage)
            found = self._body(cls).names | openness.set_on_self(cls) | self._patches.names(cls)
            known = not openness.catches_all(cls) and None not in found
            self._own[cls] = frozenset(name for name in found if name) if known else None
        return self._own[cls]

    def _given_base_names(self) -> frozenset[str] | None:
        """What the classes handed to ``declarative_base(cls=…)`` and to
        ``SQLAlchemy(model_class=…)`` define; None where they are not known."""
        if self._base_names is _NOT_ASKED:
            found: set[str] = set()
            for function in self._model.functions.values():
                for call in self._model.calls_in(function):
                    if _last_name(call.func) in _BASE_MAKERS:
                        names = self._names_of_base(call)
                        if names is None:
                            self._base_names = None
                            return None
                        found |= names
            self._base_names = frozenset(found)
        return self._base_names

    def _names_of_base(self, call: s.Call) -> frozenset[str] | None:
        given = call.argument(keyword="cls") or call.argument(keyword="model_class")
        if given is None:
            return frozenset()
        found: set[str] = set()
        values = self._model.evaluate(given)
        for value in values:
            if isinstance(value, ExternalValue):
                names = library_attributes(value.path)
                if names is None:
                    return None
                found |= names
                continue
            if not isinstance(value, ClassValue):
                return None
            for base in (value, *self._model.ancestors(value.cls)):
                own = self._of_body(base.cls) if isinstance(base, ClassValue) else None
                if isinstance(base, ExternalValue):
                    own = library_attributes(base.path)
                if own is None:
                    return None
                found |= own
        return frozenset(found) if values else None

    def _made_by_django(self, entity: Entity) -> Iterator[str]:
        """The methods that fields bring, and the manager that Django adds."""
        declared = [
            item for cls in self._lineage(entity) for item in self._body(cls).fields.values()
        ]
        fields = {item.name: item.type.type for item in declared if item.kind == "column"}
        fields.update((column.name, column.type) for column in entity.columns.values())
        for name, column_type in fields.items():
            yield f"get_{name}_display"
            if column_type in _DATES:
                yield f"get_next_by_{name}"
                yield f"get_previous_by_{name}"
        if "_order" in entity.columns:
            yield from ("get_next_in_order", "get_previous_in_order")
        for relation in entity.relations.values():
            source = self._of_class.get(relation.target_cls) if relation.implied else None
            if source is not None and "_order" in source.columns:
                yield f"get_{source.name.lower()}_order"
                yield f"set_{source.name.lower()}_order"
        if entity.abstract or all(item.kind != "manager" for item in declared):
            yield "objects"

    def _lineage(self, entity: Entity) -> Iterator[ClassInfo]:
        if entity.cls is not None:
            yield entity.cls
            for value in self._model.ancestors(entity.cls):
                if isinstance(value, ClassValue):
                    yield value.cls

    def _loose_names(self, kind: str) -> frozenset[str]:
        """What relations whose target is not known put on it, whichever entity that is."""
        if kind not in self._loose:
            self._loose[kind] = frozenset(
                relation.back
                for item in self._all
                if item.kind == kind
                for relation in item.relations.values()
                if relation.target is None and relation.back is not None
            )
        return self._loose[kind]


def _last_name(expr: s.Expr) -> str:
    return expr.id if isinstance(expr, s.Name) else getattr(expr, "name", "")


_tables: WeakKeyDictionary[Entities, _Attributes] = WeakKeyDictionary()
