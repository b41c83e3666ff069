"""Sequelize's models as entities, whatever rules ask for them."""

from __future__ import annotations

from collections.abc import Iterator

from ci_gate.codemodel.entities.facts import Column, Entity, Relation
from ci_gate.codemodel.sequelize.columns import column_of
from ci_gate.codemodel.sequelize.facts import Association, SequelizeModel
from ci_gate.codemodel.sequelize.models import Models


def entities(models: Models) -> Iterator[tuple[SequelizeModel, Entity]]:
    """One entity for each model."""
    for model in models.all:
        kind = "sequelize-typescript" if model.cls is not None and model.call is None else None
        yield (
            model,
            Entity(
                model.name, kind or "sequelize", model.path, model.span, model.cls, model.table,
                model.abstract, dict(_columns(model)), dict(_relations(model)),
                model.known and model.associated and model.underscored is not None,
            ),
        )  # fmt: skip


def _columns(model: SequelizeModel) -> Iterator[tuple[str, Column]]:
    for item in model.attributes.values():
        if item.virtual:
            continue
        name = column_of(model, item)
        yield (
            item.name,
            Column(
                item.name, name or item.name, item.type, item.path, item.span, item.nullable,
                item.primary_key, item.unique, item.default, item.references,
            ),
        )  # fmt: skip


def _relations(model: SequelizeModel) -> Iterator[tuple[str, Relation]]:
    for item in model.associations:
        yield (
            item.name,
            Relation(
                item.name, item.target.name, item.many, item.path, item.node.span,
                item.target.cls, "none", None, _secondary(item),
                (item.foreign_key,) if item.kind == "belongsTo" and item.foreign_key else (),
                implied=item.alias is None,
            ),
        )  # fmt: skip


def _secondary(item: Association) -> str | None:
    if isinstance(item.through, SequelizeModel):
        return item.through.table
    return item.through if isinstance(item.through, str) else None
