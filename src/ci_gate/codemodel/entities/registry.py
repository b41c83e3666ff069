"""All entities of a program, to be asked by class, name or table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.entities.django import django_entities
from ci_gate.codemodel.entities.facts import Entity
from ci_gate.codemodel.entities.find import find_entities
from ci_gate.codemodel.entities.sqlalchemy import sqlalchemy_entities
from ci_gate.codemodel.model import ClassInfo, CodeModel
from ci_gate.codemodel.places import is_outside

if TYPE_CHECKING:
    from ci_gate.codemodel.builders.drizzletables import DrizzleTables

_SQLALCHEMY = ("sqlalchemy", "sqlmodel", "table")
_DJANGO = ("django", "tortoise")


class Entities:
    """Answers for one program; ``sequelize``, ``prisma``, ``drizzle``, ``typeorm`` and ``mongoose``
    have what is known of those alone."""

    def __init__(self, model: CodeModel) -> None:
        from ci_gate.codemodel.builders.drizzletables import (  # noqa: PLC0415  a cycle of modules
            DrizzleTables,
        )
        from ci_gate.codemodel.mongoose.queries import MongooseQueries  # noqa: PLC0415
        from ci_gate.codemodel.prisma.client import Client as PrismaClient  # noqa: PLC0415
        from ci_gate.codemodel.sequelize.entities import (  # noqa: PLC0415  a cycle of modules
            entities as sequelize_entities,
        )
        from ci_gate.codemodel.sequelize.models import Models  # noqa: PLC0415
        from ci_gate.codemodel.typeorm.mapped import mapped as typeorm_entities  # noqa: PLC0415
        from ci_gate.codemodel.typeorm.typeorm import Typeorm  # noqa: PLC0415

        found = [item for item in find_entities(model) if item.kind != "prisma"]
        detailed = {
            **sqlalchemy_entities(model, [item for item in found if item.kind in _SQLALCHEMY]),
            **django_entities(model, [item for item in found if item.kind in _DJANGO]),
        }
        self.sequelize = Models(model)
        self.drizzle = DrizzleTables(model, self.sequelize.origins)
        detailed.update(_drizzle(self.drizzle, found))
        self.typeorm = Typeorm(model, self.sequelize.origins)
        self.mongoose = MongooseQueries(model, self.sequelize.origins)
        mapped = dict(sequelize_entities(self.sequelize))
        in_typeorm = dict(
            typeorm_entities(self.typeorm.entities, plain=self.typeorm.sources.plain_names)
        )
        for item in found:
            of_entity = self.typeorm.entities.of_class(item.cls)
            if of_entity in in_typeorm:
                detailed[item] = in_typeorm.pop(of_entity)
                continue
            of_model = self.sequelize.at(item.path, item.span)
            if of_model is not None:
                detailed[item] = mapped.pop(of_model)
        self.prisma = PrismaClient(model, self.sequelize.origins)
        self._all: Sequence[Entity] = [*(detailed.get(item, item) for item in found),
                                       *mapped.values(), *in_typeorm.values(),
                                       *self.prisma.schemas.entities()]  # fmt: skip
        self._of_class = {item.cls: item for item in self._all if item.cls is not None}
        self._at = {(item.path, item.span): item for item in self._all}
        self._by_name: dict[str, list[Entity]] = {}
        self._by_table: dict[str, list[Entity]] = {}
        for item in self._all:
            if is_outside(item.path):
                continue
            self._by_name.setdefault(item.name, []).append(item)
            if item.table is not None and not item.abstract:
                self._by_table.setdefault(item.table, []).append(item)

    def __iter__(self) -> Iterator[Entity]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)

    def of_class(self, cls: ClassInfo | None) -> Entity | None:
        return None if cls is None else self._of_class.get(cls)

    def at(self, path: str, span: s.Span) -> Entity | None:
        """The entity that the expression at that place makes (``Table(...)``)."""
        return self._at.get((path, span))

    def named(self, name: str) -> Entity | None:
        """The only entity of that name; None when there is none or more than one. Those that
        tests and migrations define for themselves do not count."""
        found = self._by_name.get(name, ())
        return found[0] if len(found) == 1 else None

    def of_table(self, table: str) -> Sequence[Entity]:
        return self._by_table.get(table, ())

    def target(self, entity: Entity, relation: str) -> Entity | None:
        """The entity that a relation leads to."""
        known = entity.relations.get(relation)
        if known is None:
            return None
        if known.target_cls is not None:
            return self.of_class(known.target_cls)
        return self.named(known.target) if known.target is not None else None


def _drizzle(tables: DrizzleTables, found: Sequence[Entity]) -> Iterator[tuple[Entity, Entity]]:
    """The entities among ``found`` that are tables of Drizzle, with their columns."""
    at = {(item.path, item.call.span): item for item in tables.all}
    for entity in found:
        table = at.get((entity.path, entity.span))
        if table is not None:
            yield entity, table.entity()
