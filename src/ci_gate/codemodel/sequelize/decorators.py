"""Models of sequelize-typescript: what decorators say."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.entities.facts import ColumnType
from ci_gate.codemodel.model import ClassInfo, Scope
from ci_gate.codemodel.sequelize.columns import (
    attribute,
    implied_attributes,
    table_of,
)
from ci_gate.codemodel.sequelize.facts import ModelAttribute, SequelizeModel
from ci_gate.codemodel.values import ClassValue, ExternalValue

if TYPE_CHECKING:
    from ci_gate.codemodel.sequelize.models import Models

_PACKAGE: Final = "sequelize-typescript."
_COLUMNS: Final = frozenset({
    "Column", "CreatedAt", "UpdatedAt", "DeletedAt", "PrimaryKey", "AutoIncrement", "ForeignKey",
})  # fmt: skip
ASSOCIATIONS: Final = frozenset({"BelongsTo", "HasOne", "HasMany", "BelongsToMany"})
_WRITTEN: Final[dict[str, ColumnType]] = {
    "string": "text", "number": "decimal", "boolean": "boolean", "Date": "datetime-tz",
}  # fmt: skip


def decorated(models: Models) -> None:
    """Fill the models that ``@Table`` maps."""
    for item in models.all:
        if item.cls is None or item.call is not None:
            continue
        table = _decorator(models, item.cls.node.decorators, "Table")
        if table is None:
            continue
        scope = models.model.class_scope(item.cls)
        call = table if isinstance(table, s.Call) else None
        options = models.options(call.argument(0) if call is not None else None, scope)
        item.abstract = False
        name = options.text("modelName", models.origins)
        if name is not None:
            fresh = SequelizeModel(name, "", (1, 1, 1, 1))
            item.name, item.plural, item.singular = name, fresh.plural, fresh.singular
        elif options.has("modelName"):
            item.known = False
        item.underscored = (
            options.flag("underscored", models.origins) is True if options.complete else None
        )
        for cls in lineage(models, item.cls):
            for found in _attributes(models, cls):
                item.attributes.setdefault(found.name, found)
        implied_attributes(item, options, models.origins)
        item.table = (
            options.text("tableName", models.origins)
            if options.has("tableName")
            else table_of(item, options, models.origins)
        )


def lineage(models: Models, cls: ClassInfo) -> Iterator[ClassInfo]:
    """The class and those of the tree that it derives from."""
    yield cls
    for base in models.model.ancestors(cls):
        if isinstance(base, ClassValue):
            yield base.cls


def fields(cls: ClassInfo) -> Iterator[tuple[str, s.Assign]]:
    """The fields of a class body that carry decorators."""
    for statement in cls.node.body:
        if isinstance(statement, s.Assign) and statement.decorators:
            for target in statement.targets:
                if isinstance(target, s.Name):
                    yield target.id, statement


def named_decorators(
    models: Models, decorators: list[s.Expr], scope: Scope
) -> Iterator[tuple[str, s.Expr]]:
    """The decorators of sequelize-typescript, by name."""
    for item in decorators:
        func = item.func if isinstance(item, s.Call) else item
        for value in models.model.evaluate(func, scope):
            if isinstance(value, ExternalValue) and value.path.startswith(_PACKAGE):
                yield value.path.removeprefix(_PACKAGE), item


def _decorator(models: Models, decorators: list[s.Expr], name: str) -> s.Expr | None:
    for item in decorators:
        func = item.func if isinstance(item, s.Call) else item
        if (func.id if isinstance(func, s.Name) else getattr(func, "name", "")) != name:
            continue
        for value in models.model.evaluate(func):
            if isinstance(value, ExternalValue) and value.path == _PACKAGE + name:
                return item
    return None


def _attributes(models: Models, cls: ClassInfo) -> Iterator[ModelAttribute]:
    scope = models.model.class_scope(cls)
    for name, statement in fields(cls):
        found = dict(named_decorators(models, statement.decorators, scope))
        if not _COLUMNS.intersection(found):
            continue
        made = ModelAttribute(name, scope.module.path, statement.span)
        column = found.get("Column")
        argument = column.argument(0) if isinstance(column, s.Call) else None
        if argument is not None:
            made = attribute(name, argument, scope, models.origins)
        kind = made.type or _of_annotation(statement.annotation)
        explicit = found.keys() & {"AllowNull"}
        yield ModelAttribute(
            name, scope.module.path, statement.span, kind, made.field,
            made.nullable if not explicit else None,
            made.primary_key or "PrimaryKey" in found, made.unique or "Unique" in found,
            made.default or bool(found.keys() & {"Default", "AutoIncrement", "CreatedAt",
                                                 "UpdatedAt", "DeletedAt"}),
            virtual=made.virtual,
        )  # fmt: skip


def _of_annotation(annotation: s.Expr | None) -> ColumnType | None:
    if isinstance(annotation, s.Name):
        return _WRITTEN.get(annotation.id)
    return None
