"""Columns and relations of Tortoise's models."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.entities.django import openness
from ci_gate.codemodel.entities.django.declared import (
    Declared,
    constant,
    meta_of,
    read_body,
    text,
)
from ci_gate.codemodel.entities.facts import Column, ColumnType, Entity, Relation
from ci_gate.codemodel.libraries import SILENT_BASES
from ci_gate.codemodel.model import ClassInfo, CodeModel
from ci_gate.codemodel.values import ClassValue, ConstantValue
from ci_gate.data import dataclass

_KEYS: Final = ("foreign-key", "one-to-one")
_MODEL: Final = ("tortoise.Model", "tortoise.models.Model")
_GIVES_VALUE: Final = ("default", "db_default", "auto_now", "auto_now_add", "generated")
_MAX_CHAIN: Final = 10


@dataclass(slots=True, eq=False)
class _Model:
    entity: Entity
    cls: ClassInfo
    fields: dict[str, Declared]
    abstract: bool
    table: str | None
    known: bool


def tortoise_entities(model: CodeModel, found: Sequence[Entity]) -> dict[Entity, Entity]:
    """Each entity of ``found`` with its columns and relations."""
    return _Tortoise(model, found).entities() if found else {}


class _Tortoise:
    def __init__(self, model: CodeModel, found: Sequence[Entity]) -> None:
        self._model = model
        self._of: dict[ClassInfo, _Model] = {}
        lineages = {e.cls: list(self._lineage(e.cls)) for e in found if e.cls is not None}
        every = {cls: None for lineage in lineages.values() for cls in lineage}
        self._patches = openness.find_patches(model, every)
        self._closed = {cls: self._is_closed(cls) for cls in every}
        for entity in found:
            if entity.cls is not None:
                self._of[entity.cls] = self._read(entity, entity.cls, lineages[entity.cls])

    def entities(self) -> dict[Entity, Entity]:
        relations = {item: dict(self._relations(item)) for item in self._of.values()}
        implied: dict[ClassInfo, dict[str, Relation]] = defaultdict(dict)
        for item, own in relations.items():
            for relation in own.values():
                if relation.target_cls is not None and relation.back and not item.abstract:
                    many = item.fields[relation.name].kind != "one-to-one"
                    implied[relation.target_cls][relation.back] = Relation(
                        relation.back, item.cls.name, many, relation.path, relation.span, item.cls,
                        back=relation.name, secondary=relation.secondary, implied=True,
                    )  # fmt: skip
        return {
            item.entity: replace(
                item.entity,
                table=item.table,
                abstract=item.abstract,
                columns={column.name: column for column in self._columns(item)},
                relations={**implied.get(item.cls, {}), **own},
                known=item.known,
            )
            for item, own in relations.items()
        }

    def _lineage(self, cls: ClassInfo) -> Iterator[ClassInfo]:
        yield cls
        for value in self._model.ancestors(cls):
            if isinstance(value, ClassValue):
                yield value.cls

    def _is_closed(self, cls: ClassInfo) -> bool:
        bases = openness.direct_bases(self._model, cls)
        return (
            bases.complete
            and all(
                isinstance(base, ClassInfo) or base in _MODEL or base in SILENT_BASES
                for base in bases.of
            )
            and not read_body(self._model, cls, tortoise=True).open
            and not openness.catches_all(cls)
            and not openness.decorated(self._model, cls)
            and None not in self._patches.names(cls)
            and None not in openness.set_on_self(cls)
        )

    def _read(self, entity: Entity, cls: ClassInfo, lineage: Sequence[ClassInfo]) -> _Model:
        fields: dict[str, Declared] = {}
        for item in lineage:
            for name, declared in read_body(self._model, item, tortoise=True).fields.items():
                fields.setdefault(name, declared)
        options: Mapping[str, s.Expr] = meta_of(self._model, cls) or {}
        flag = constant(self._model, options["abstract"]) if "abstract" in options else None
        abstract = flag is not None and flag.value is True
        table = None
        if not abstract:
            table = text(self._model, options["table"]) if "table" in options else cls.name.lower()
        known = all(self._closed[item] for item in lineage)
        return _Model(entity, cls, fields, abstract, table, known)

    # --- columns ---

    def _columns(self, item: _Model) -> Iterator[Column]:
        if not item.abstract and self._declared_key(item) is None:
            entity = item.entity
            yield Column("id", "id", "integer", entity.path, entity.span, False, True, True, True)
        for declared in item.fields.values():
            if declared.kind == "column" or declared.kind in _KEYS:
                yield self._column(declared)

    def _column(self, declared: Declared) -> Column:
        key = self._is_key(declared)
        foreign = declared.kind in _KEYS
        target = self._target(declared) if foreign else None
        name = f"{declared.name}_id" if foreign else declared.name
        return Column(
            name,
            self._column_name(declared),
            self._type(declared),
            declared.path,
            declared.node.span,
            False if key else declared.constant(self._model, "null", False),
            key,
            key
            or declared.kind == "one-to-one"
            or declared.constant(self._model, "unique", False) is True,
            declared.has(*_GIVES_VALUE) is not False
            or (key and declared.type.type in ("integer", "uuid")),
            self._foreign_key(target) if target is not None else None,
        )

    def _column_name(self, declared: Declared) -> str:
        name = f"{declared.name}_id" if declared.kind in _KEYS else declared.name
        for keyword in ("source_field", "db_column"):
            given = text(self._model, declared.argument(keyword))
            if given is not None:
                return given
        return name

    def _is_key(self, declared: Declared) -> bool:
        return any(
            declared.constant(self._model, keyword, False) is True
            for keyword in ("pk", "primary_key")
        )

    def _declared_key(self, item: _Model) -> Declared | None:
        return next((found for found in item.fields.values() if self._is_key(found)), None)

    def _type(self, declared: Declared, depth: int = 0) -> ColumnType | None:
        if declared.kind not in _KEYS or depth > _MAX_CHAIN:
            return declared.type.type
        target = self._target(declared)
        if target is None:
            return None
        key = self._declared_key(target)
        return "integer" if key is None else self._type(key, depth + 1)

    def _foreign_key(self, target: _Model) -> str | None:
        key = self._declared_key(target)
        column = "id" if key is None else self._column_name(key)
        return f"{target.table}.{column}" if target.table is not None else None

    # --- relations ---

    def _relations(self, item: _Model) -> Iterator[tuple[str, Relation]]:
        for name, declared in item.fields.items():
            if declared.kind not in (*_KEYS, "many-to-many"):
                continue
            target = self._target(declared)
            many = declared.kind == "many-to-many"
            yield (
                name,
                Relation(
                    name,
                    target.cls.name if target is not None else None,
                    many,
                    declared.path,
                    declared.node.span,
                    target.cls if target is not None else None,
                    back=self._back(item, declared),
                    secondary=self._secondary(item, declared, target) if many else None,
                    columns=() if many else (f"{name}_id",),
                ),
            )

    def _target(self, declared: Declared) -> _Model | None:
        given = declared.argument("model_name", 0) or declared.argument("to")
        values = self._model.evaluate(given) if given is not None else frozenset()
        if len(values) != 1:
            return None
        [value] = values
        if isinstance(value, ClassValue):
            return self._of.get(value.cls)
        if isinstance(value, ConstantValue) and isinstance(value.value, str):
            name = value.value.rpartition(".")[2]
            found = [item for item in self._of.values() if item.cls.name == name]
            return found[0] if len(found) == 1 else None
        return None

    def _back(self, item: _Model, declared: Declared) -> str | None:
        given = declared.argument("related_name")
        if given is not None and not (isinstance(given, s.Literal) and given.value is None):
            return text(self._model, given)
        return (
            f"{item.table}s"
            if item.table is not None and not declared.is_open("related_name")
            else None
        )

    def _secondary(self, item: _Model, declared: Declared, target: _Model | None) -> str | None:
        given = declared.argument("through")
        if given is not None:
            return text(self._model, given)
        if (
            item.table is None
            or target is None
            or target.table is None
            or declared.is_open("through")
        ):
            return None
        return f"{item.table}_{target.table}"
