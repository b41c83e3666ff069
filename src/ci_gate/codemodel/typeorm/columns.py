"""Columns of TypeORM: what a decorator, or an entry of an EntitySchema, says of one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.entities.facts import ColumnType
from ci_gate.codemodel.entities.types import SQLALCHEMY
from ci_gate.codemodel.model import Scope
from ci_gate.codemodel.sequelize.columns import Options, constant
from ci_gate.codemodel.sequelize.origins import Origins
from ci_gate.codemodel.typeorm.facts import TypeormColumn

#: Decorators of columns -> whether a value arises without being given.
COLUMNS: Final = {
    "Column": False, "PrimaryColumn": False, "PrimaryGeneratedColumn": True,
    "CreateDateColumn": True, "UpdateDateColumn": True, "DeleteDateColumn": True,
    "VersionColumn": True, "ObjectIdColumn": True, "VirtualColumn": True, "ViewColumn": True,
}  # fmt: skip
_PRIMARY: Final = frozenset({"PrimaryColumn", "PrimaryGeneratedColumn", "ObjectIdColumn"})
_DATES: Final = frozenset({"CreateDateColumn", "UpdateDateColumn", "DeleteDateColumn"})
_TYPES: Final[dict[str, ColumnType]] = {
    **SQLALCHEMY, "timestamptz": "datetime-tz", "timestamp with time zone": "datetime-tz",
    "timestamp without time zone": "datetime", "datetime2": "datetime", "int2": "integer",
    "int4": "integer", "int8": "integer", "mediumint": "integer", "float4": "float",
    "float8": "float", "double precision": "float", "character varying": "text",
    "simple-array": "text", "simple-json": "text", "simple-enum": "enum", "tinytext": "text",
    "number": "decimal", "money": "decimal",
}  # fmt: skip
_WRITTEN: Final[dict[str, ColumnType]] = {
    "string": "text", "String": "text", "number": "integer", "Number": "integer",
    "boolean": "boolean", "Boolean": "boolean", "Date": "datetime", "Buffer": "binary",
}  # fmt: skip


def decorated_column(
    name: str, decorator: str, call: s.Expr, field: s.Assign, scope: Scope, origins: Origins
) -> TypeormColumn:
    """The column that ``@Column("varchar", { … }) name: string`` makes."""
    path, span = scope.module.path, field.span
    arguments = [item.value for item in call.args] if isinstance(call, s.Call) else []
    primary = decorator in _PRIMARY
    made = TypeormColumn(
        name, path, span, _of_annotation(field.annotation), primary_key=primary,
        default=COLUMNS[decorator],
    )  # fmt: skip
    if decorator in _DATES:
        made = replace(made, type="datetime", nullable=decorator == "DeleteDateColumn")
    for expr in arguments:
        text = constant(expr, scope, origins)
        if isinstance(text, str):
            made = _typed(made, text, decorator)
            continue
        kind = _WRITTEN.get(expr.id) if isinstance(expr, s.Name) else None
        if kind is not None:
            made = replace(made, type=kind)
            continue
        made = with_options(made, Options(origins, expr, scope), origins)
    return made


def with_options(column: TypeormColumn, options: Options, origins: Origins) -> TypeormColumn:
    """The column with what an object of options says of it."""
    kind = options.text("type", origins)
    written = options.get("type")
    if kind is not None:
        column = replace(column, type=_TYPES.get(kind.lower()))
    elif written is not None:
        named = written[0].id if isinstance(written[0], s.Name) else ""
        column = replace(column, type=_WRITTEN.get(named))
    if options.has("array") and options.flag("array", origins) is not False:
        column = replace(column, type="array")
    nullable: bool | None = column.nullable
    if options.has("nullable"):
        nullable = options.flag("nullable", origins)
    elif not options.complete:
        nullable = None
    generated = any(options.has(key) for key in ("default", "generated", "createDate",
                                                  "updateDate", "generatedType"))  # fmt: skip
    return replace(
        column,
        column=options.text("name", origins) or column.column,
        nullable=nullable,
        unique=column.unique or options.flag("unique", origins) is True,
        primary_key=column.primary_key or options.flag("primary", origins) is True,
        default=column.default or generated or not options.complete,
    )


def embedded_class(arguments: Sequence[s.Argument]) -> s.Expr | None:
    """The class that ``@Column(() => Address)`` embeds, as it is written."""
    if not arguments or not isinstance(arguments[0].value, s.FunctionExpr):
        return None
    returned = [item.value for item in s.returns_in(arguments[0].value.function)]
    return returned[0] if len(returned) == 1 else None


def _typed(column: TypeormColumn, text: str, decorator: str) -> TypeormColumn:
    if decorator == "PrimaryGeneratedColumn":
        return replace(column, type="uuid" if text == "uuid" else "integer")
    return replace(column, type=_TYPES.get(text.lower()))


def _of_annotation(annotation: s.Expr | None) -> ColumnType | None:
    """The type that TypeScript tells TypeORM of (``emitDecoratorMetadata``)."""
    return _WRITTEN.get(annotation.id) if isinstance(annotation, s.Name) else None
