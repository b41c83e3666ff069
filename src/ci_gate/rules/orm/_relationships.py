"""SQLAlchemy's relations as they are written, and the foreign keys that they stand on."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.entities import Column, Entity, Relation
from ci_gate.codemodel.entities.declarations import Declaration, declarations
from ci_gate.codemodel.entities.sqlalchemy_columns import last, text_of
from ci_gate.codemodel.model import ClassInfo
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.values import ClassValue
from ci_gate.data import dataclass
from ci_gate.rules.base import Facts

KINDS: Final = frozenset({"sqlalchemy", "sqlmodel"})
_MAKERS: Final = frozenset({"relationship", "Relationship", "relation", "dynamic_loader"})
_COLUMNS: Final = frozenset({"mapped_column", "Column", "Field", "deferred"})
_PASSED_ON: Final = ("sa_relationship", "sa_relationship_args", "sa_relationship_kwargs")
_REFLECTION: Final = frozenset({"reflect", "prepare", "automap_base", "DeferredReflection"})


@dataclass(frozen=True, slots=True, eq=False)
class Written:
    """One ``name = relationship(…)`` in the body of a mapped class."""

    entity: Entity
    relation: Relation
    call: s.Call
    declaration: Declaration

    @property
    def path(self) -> str:
        return self.relation.path

    @property
    def label(self) -> str:
        return f"{self.entity.name}.{self.relation.name}"

    def given(self, *keywords: str) -> bool:
        return any(self.call.argument(keyword=word) is not None for word in keywords)

    def text(self, keyword: str) -> str | None:
        return text_of(self.call.argument(keyword=keyword))

    def secondary(self) -> s.Expr | None:
        return self.call.argument(1, "secondary") or self.call.argument(keyword="link_model")

    def backref(self) -> str | None:
        given = self.call.argument(keyword="backref")
        return text_of(given.argument(0) if isinstance(given, s.Call) else given)


@dataclass(frozen=True, slots=True)
class Reference:
    """A column that refers to another table."""

    column: Column
    table: str
    target: str


class Relationships:
    """The relations and references of one program."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._model = facts.model
        self._entities = facts.entities

    @cached_property
    def written(self) -> list[Written]:
        return [
            item
            for entity in self._entities
            if entity.kind in KINDS and not entity.abstract and not is_outside(entity.path)
            for item in self._of(entity)
        ]

    def _of(self, entity: Entity) -> Iterator[Written]:
        if entity.cls is None:
            return
        for item in declarations(entity.cls, self._model):
            value = item.value
            relation = entity.relations.get(item.name)
            if relation is None or relation.implied or not isinstance(value, s.Call):
                continue
            if last(self._model, value.func, item.scope) not in _MAKERS:
                continue
            if any(argument.star for argument in value.args):
                continue
            written = Written(entity, relation, value, item)
            if not written.given(*_PASSED_ON):
                yield written

    def at(self, entity: Entity, name: str) -> list[Written]:
        """How the entity's relation of that name is written."""
        return [
            item for item in self.written if item.entity is entity and item.relation.name == name
        ]

    def target(self, item: Written) -> Entity | None:
        return self._entities.target(item.entity, item.relation.name)

    def link(self, item: Written) -> Entity | None:
        """The association table, where it is known."""
        model = item.call.argument(keyword="link_model")
        if model is not None:
            for value in self._model.evaluate(model, item.declaration.scope):
                if isinstance(value, ClassValue):
                    return self._entities.of_class(value.cls)
            return None
        if item.relation.secondary is None:
            return None
        found = self._entities.of_table(item.relation.secondary)
        return found[0] if len(found) == 1 else None

    # --- tables ---

    def tables(self, entity: Entity) -> frozenset[str]:
        """The entity's table and those of the entities that it inherits from."""
        names = {entity.table} if entity.table is not None else set()
        if entity.cls is not None:
            for value in self._model.ancestors(entity.cls):
                if not isinstance(value, ClassValue):
                    continue
                above = self._entities.of_class(value.cls)
                if above is not None and above.table is not None and not above.abstract:
                    names.add(above.table)
        return frozenset(names)

    def references(self, entity: Entity) -> list[Reference] | None:
        """The foreign keys of the entity's table; None where some may not be seen."""
        if not entity.known or entity.table is None or self._hides_some(entity):
            return None
        return list(self.seen_references(entity))

    def seen_references(self, entity: Entity) -> Iterator[Reference]:
        for column in entity.columns.values():
            table, _, target = (column.foreign_key or "").rpartition(".")
            if table:
                yield Reference(column, table.rpartition(".")[2], target)

    def _hides_some(self, entity: Entity) -> bool:
        calls = 0
        if entity.cls is None:
            node = self._table_call(entity)
            if node is None:
                return True
            calls = sum(_name(item) == "ForeignKey" for item in s.walk(node))
            if any(_name(item) == "ForeignKeyConstraint" for item in s.walk(node)):
                return True
        else:
            for cls in self._lineage(entity.cls):
                for item in declarations(cls, self._model):
                    if self._is_opaque(entity, item):
                        return True
                for inner in s.walk(cls.node):
                    calls += _name(inner) == "ForeignKey" or (
                        isinstance(inner, s.Argument) and inner.keyword == "foreign_key"
                    )
                    if _name(inner) == "ForeignKeyConstraint":
                        return True
        resolved = sum(column.foreign_key is not None for column in entity.columns.values())
        return calls > resolved

    def _is_opaque(self, entity: Entity, item: Declaration) -> bool:
        """The attribute's column is made by something that is not read."""
        column = entity.columns.get(item.name)
        if column is None or column.foreign_key is not None or column.type is not None:
            return False
        if item.value is None:
            return True
        call = item.value
        return not (
            isinstance(call, s.Call) and last(self._model, call.func, item.scope) in _COLUMNS
        )

    def _lineage(self, cls: ClassInfo) -> Iterator[ClassInfo]:
        yield cls
        for value in self._model.ancestors(cls):
            if isinstance(value, ClassValue):
                yield value.cls

    def _table_call(self, entity: Entity) -> s.Call | None:
        return self._calls.get((entity.path, entity.span))

    @cached_property
    def _calls(self) -> dict[tuple[str, s.Span], s.Call]:
        wanted = {(item.path, item.span) for item in self._entities if item.cls is None}
        return {
            key: call
            for function in self._model.functions.values()
            for call in self._model.calls_in(function)
            if (key := (function.module.path, call.span)) in wanted
        }

    # --- the whole ---

    @cached_property
    def complete(self) -> bool:
        """All tables of the program are known by name: nothing is reflected from a database."""
        for entity in self._entities:
            if entity.kind in (*KINDS, "table") and not entity.abstract and entity.table is None:
                return False
        for module in self._model.modules.values():
            if module.language != "python" or is_outside(module.path):
                continue
            for node in s.walk(module):
                if isinstance(node, s.Call) and (
                    _name(node) in _REFLECTION or node.argument(keyword="autoload_with") is not None
                ):
                    return False
        return True

    @cached_property
    def mapped_names(self) -> frozenset[str]:
        return frozenset(item.name for item in self._entities if item.kind in KINDS)

    def is_like_one(self, table: str) -> bool:
        """A table whose name the ORM makes out of the class's name goes by nearly that name."""
        return _squeezed(table) in self._made_names

    @cached_property
    def _made_names(self) -> frozenset[str]:
        """The tables of classes that do not name theirs in so many words."""
        return frozenset(
            _squeezed(item.table)
            for item in self._entities
            if item.cls is not None and item.table is not None and item.kind == "sqlalchemy"
            and not any(
                declared.name == "__tablename__" and isinstance(declared.value, s.Literal)
                for declared in declarations(item.cls, self._model)
            )
        )  # fmt: skip

    def has_class(self, name: str) -> bool:
        """Some class or import of the program goes by that name."""
        return name in self._class_names

    @cached_property
    def _class_names(self) -> frozenset[str]:
        names = {cls.name for cls in self._model.classes.values()}
        for module in self._model.modules.values():
            names |= {item.alias for found in module.imports for item in found.names}
        return frozenset(names)


def _squeezed(name: str) -> str:
    return name.replace("_", "").lower()


def _name(node: s.Node) -> str:
    if not isinstance(node, s.Call):
        return ""
    return node.func.name if isinstance(node.func, s.Attribute) else getattr(node.func, "id", "")
