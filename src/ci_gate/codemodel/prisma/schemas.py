"""The Prisma schemas of a tree, and which of them a module's client is made from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from typing import Final

from ci_gate.codemodel.entities.facts import Column, ColumnType, Entity, Relation
from ci_gate.codemodel.model import CodeModel
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.prisma.facts import PrismaField, PrismaModel, PrismaSchema
from ci_gate.codemodel.prisma.lex import tokens
from ci_gate.codemodel.prisma.parse import parse

_TYPES: Final[dict[str, ColumnType]] = {
    "String": "text", "Boolean": "boolean", "Int": "integer", "BigInt": "integer",
    "Float": "float", "Decimal": "decimal", "DateTime": "datetime", "Json": "json",
    "Bytes": "binary",
}  # fmt: skip


class Schemas:
    """All schemas that do not belong to tests or examples."""

    def __init__(self, model: CodeModel) -> None:
        self._model = model
        self._merged: dict[tuple[PrismaSchema, ...], PrismaSchema] = {}

    @cached_property
    def all(self) -> tuple[PrismaSchema, ...]:
        texts: dict[str, str] = {}
        for path in sorted(self._model.tree.files):
            if path.endswith(".prisma") and not is_outside(path):
                try:
                    texts[path] = self._model.tree.text(path)
                except (OSError, UnicodeError):
                    continue
        return tuple(
            parse({path: texts[path] for path in paths}, folder)
            for folder, paths in _grouped(texts).items()
        )

    def of(self, path: str) -> PrismaSchema | None:
        """The schema that the client of a module is surely made from."""
        if len(self.all) <= 1:
            return self.all[0] if self.all else None
        around = [item for item in self.all if path.startswith(_package(item.folder))]
        longest = max((len(_package(item.folder)) for item in around), default=0)
        nearest = [item for item in around if len(_package(item.folder)) == longest]
        if len(nearest) > 1 and len({item.paths[0].rpartition("/")[0] for item in nearest}) == 1:
            return self._alternatives(tuple(nearest))
        return nearest[0] if len(nearest) == 1 else None

    def _alternatives(self, schemas: tuple[PrismaSchema, ...]) -> PrismaSchema:
        """One schema for several databases, each with a file of its own: what any of them has."""
        found = self._merged.get(schemas)
        if found is None:
            found = self._merged[schemas] = _merge(schemas)
        return found

    # --- entities ---

    def entities(self) -> Iterator[Entity]:
        for schema in self.all:
            for model in schema.models.values():
                if model.kind != "type":
                    yield _entity(schema, model)


def _merge(schemas: tuple[PrismaSchema, ...]) -> PrismaSchema:
    providers = {item.provider for item in schemas}
    merged = PrismaSchema(
        schemas[0].folder,
        tuple(path for item in schemas for path in item.paths),
        providers.pop() if len(providers) == 1 else None,
        enums={name: members for item in schemas for name, members in item.enums.items()},
        complete=all(item.complete for item in schemas),
    )
    for schema in schemas:
        for model in schema.models.values():
            known = merged.models.get(model.name)
            if known is None:
                known = merged.models[model.name] = replace(model, fields={}, uniques={})
            known.known = known.known and model.known
            for name, item in model.fields.items():
                before = known.fields.setdefault(name, item)
                if (before.type, before.many) != (item.type, item.many):
                    known.fields[name] = replace(before, known=False)
                elif item.unique and not before.unique:
                    known.fields[name] = item
            known.uniques.update(model.uniques)
    return merged


def _grouped(texts: dict[str, str]) -> dict[str, list[str]]:
    """The files of each schema: a file with a data source, and those without one in its folder or
    below it."""
    sources = [path for path, text in texts.items() if _has_source(text)]
    groups: dict[str, list[str]] = {}
    keys: dict[str, str] = {}
    for path in sources:
        folder = path.rpartition("/")[0]
        shared = sum(other.rpartition("/")[0] == folder for other in sources) > 1
        keys[path] = path if shared else folder
        groups[keys[path]] = [path]
    for path in texts:
        if path in keys:
            continue
        folder = path.rpartition("/")[0]
        within = [
            key for key in groups if key not in texts and f"{folder}/".startswith(_below(key))
        ]
        if within:
            groups[max(within, key=len)].append(path)
    return groups


def _has_source(text: str) -> bool:
    first = None
    for token in tokens(text):
        if token.text == "{" and first == "datasource":
            return True
        if token.kind == "line":
            first = None
        elif first is None and token.kind == "word":
            first = token.text
    return False


def _below(folder: str) -> str:
    return f"{folder}/" if folder else ""


def _package(key: str) -> str:
    """The folder of the package that a schema lies in, with a slash."""
    folder = key.rpartition("/")[0] if key.endswith(".prisma") else key
    parts = folder.split("/") if folder else []
    while parts and parts[-1] in ("prisma", "schema", "schemas"):
        parts.pop()
    return "/".join(parts) + "/" if parts else ""


def _entity(schema: PrismaSchema, model: PrismaModel) -> Entity:
    span = (model.line, 1, model.line, 1)
    table = model.table if schema.provider != "mongodb" else None
    relations = {item.name: _relation(schema, model, item) for item in model.relations()}
    foreign = dict(_foreign_keys(schema, model))
    columns = {
        item.name: _column(schema, model, item, foreign.get(item.name)) for item in model.scalars()
    }
    known = model.known and not any(_is_strange(schema, item) for item in model.scalars())
    return Entity(
        model.name, "prisma", model.path, span, None, table, False, columns, relations,
        known,
    )  # fmt: skip


def _is_strange(schema: PrismaSchema, item: PrismaField) -> bool:
    """Is the field's type nowhere to be seen? It may be a relation then."""
    return not (
        item.type in _TYPES
        or item.type in schema.enums
        or item.type in schema.models
        or item.type == "Unsupported"
    )


def _column(
    schema: PrismaSchema, model: PrismaModel, item: PrismaField, foreign: str | None
) -> Column:
    kind: ColumnType | None = _TYPES.get(item.type)
    if item.type in schema.enums:
        kind = "enum"
    if item.many:
        kind = "array"
    return Column(
        item.name, item.column, kind, item.path, (item.line, 1, item.line, 1), item.optional,
        item.primary_key or item.name in model.primary, item.unique, item.default or item.many,
        foreign, item.renewed,
    )  # fmt: skip


def _foreign_keys(schema: PrismaSchema, model: PrismaModel) -> Iterator[tuple[str, str]]:
    for item in model.relations():
        target = schema.target(item)
        if target is None or len(item.keys) != len(item.references):
            continue
        for key, reference in zip(item.keys, item.references, strict=True):
            column = target.fields.get(reference)
            if column is not None:
                yield key, f"{target.table}.{column.column}"


def _relation(schema: PrismaSchema, model: PrismaModel, item: PrismaField) -> Relation:
    return Relation(
        item.name, item.target, item.many, item.path, (item.line, 1, item.line, 1), None, "none",
        _other_side(schema, model, item), _join_table(schema, model, item), item.keys,
    )  # fmt: skip


def _other_side(schema: PrismaSchema, model: PrismaModel, item: PrismaField) -> str | None:
    target = schema.target(item)
    if target is None:
        return None
    found = [
        other.name
        for other in target.relations()
        if other.target == model.name
        and other.relation_name == item.relation_name
        and (target is not model or other.name != item.name)
    ]
    return found[0] if len(found) == 1 else None


def _join_table(schema: PrismaSchema, model: PrismaModel, item: PrismaField) -> str | None:
    """The table that Prisma makes for a many-to-many relation without a model of its own."""
    target, back = schema.target(item), _other_side(schema, model, item)
    if target is None or back is None or not item.many or not target.fields[back].many:
        return None
    if schema.provider == "mongodb":
        return None
    first, second = sorted((model.name, target.name))
    return f"_{item.relation_name or f'{first}To{second}'}"
