"""TypeORM's entities as entities, whatever rules ask for them."""

from __future__ import annotations

from collections.abc import Iterator

from ci_gate.codemodel.entities.facts import Column, Entity, Relation
from ci_gate.codemodel.typeorm.entities import TypeormEntities
from ci_gate.codemodel.typeorm.facts import TypeormEntity, TypeormRelation


def mapped(entities: TypeormEntities, *, plain: bool) -> Iterator[tuple[TypeormEntity, Entity]]:
    """One entity for each. ``plain``: the database has the names that TypeORM makes by itself, and
    not those of a naming strategy."""
    for item in entities.all:
        columns = dict(_columns(entities, item))
        relations = {
            relation.name: _relation(entities, item, relation)
            for relation in item.relations.values()
        }
        known = item.known and plain and not item.embedded and not _loose(entities, item)
        yield (
            item,
            Entity(
                item.name, "typeorm", item.path, item.span, item.cls, item.table,
                item.table is None, columns, relations,
                known and not item.view and not item.others - item.undecorated,
            ),
        )  # fmt: skip


def _columns(entities: TypeormEntities, entity: TypeormEntity) -> Iterator[tuple[str, Column]]:
    for item in entity.columns.values():
        yield (
            item.name,
            Column(
                item.name, item.column or item.name, item.type, item.path, item.span, item.nullable,
                item.primary_key, item.unique, item.default,
            ),
        )  # fmt: skip
    taken = {item.column or item.name for item in entity.columns.values()}
    for relation in entity.relations.values():
        for key in _keys(entities, entity, relation):
            if key not in taken:
                taken.add(key)
                yield (
                    key,
                    Column(
                        key, key, None, relation.path, relation.span, relation.nullable,
                    ),
                )  # fmt: skip


def _keys(
    entities: TypeormEntities, entity: TypeormEntity, relation: TypeormRelation
) -> tuple[str, ...]:
    """The columns of the entity's own table that hold the key."""
    if relation.many or not relation.owns or relation.keys is None:
        return ()
    if relation.keys:
        return relation.keys
    target = entities.target(entity, relation.name)
    if target is None:
        return ()
    primary = [item for item in target.columns.values() if item.primary_key]
    return tuple(
        relation.name + (item.column or item.name)[:1].upper() + (item.column or item.name)[1:]
        for item in primary
    )


def _loose(entities: TypeormEntities, entity: TypeormEntity) -> bool:
    """Does it have a key whose name in the database is not known?"""
    return any(
        relation.owns and not relation.many and not _keys(entities, entity, relation)
        for relation in entity.relations.values()
    )


def _relation(entities: TypeormEntities, entity: TypeormEntity, item: TypeormRelation) -> Relation:
    target = entities.target(entity, item.name)
    return Relation(
        item.name, target.name if target is not None else item.target, item.many, item.path,
        item.span, item.target_cls, "joined" if item.eager else "lazy" if item.lazy else "none",
        item.inverse, item.join_table, _keys(entities, entity, item),
    )  # fmt: skip
