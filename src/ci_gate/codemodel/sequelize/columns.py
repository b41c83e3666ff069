"""Attributes and options of a model, as ``define`` and ``init`` get them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.entities.facts import ColumnType
from ci_gate.codemodel.model import Scope
from ci_gate.codemodel.sequelize.facts import ModelAttribute, SequelizeModel
from ci_gate.codemodel.sequelize.naming import plural, snake
from ci_gate.codemodel.sequelize.origins import Origin, Origins
from ci_gate.regex import regex

TYPES: Final[dict[str, ColumnType]] = {
    "STRING": "text", "TEXT": "text", "CHAR": "text", "CITEXT": "text", "INTEGER": "integer",
    "BIGINT": "integer", "SMALLINT": "integer", "TINYINT": "integer", "MEDIUMINT": "integer",
    "FLOAT": "float", "REAL": "float", "DOUBLE": "float", "DECIMAL": "decimal",
    "NUMBER": "decimal", "BOOLEAN": "boolean", "DATE": "datetime-tz", "DATEONLY": "date",
    "TIME": "time", "NOW": "datetime-tz", "UUID": "uuid", "UUIDV4": "uuid", "JSON": "json",
    "JSONB": "json", "ARRAY": "array", "ENUM": "enum", "BLOB": "binary",
}  # fmt: skip
_HOLDERS: Final = regex(r"^(?:DataTypes?|Sequelize|sequelize|Types|DT)$")


class Options:
    """An object literal of options: what is set, and whether all of it is seen."""

    def __init__(self, origins: Origins, expr: s.Expr | None, scope: Scope) -> None:
        self.values: dict[str, tuple[s.Expr, Scope]] = {}
        self.complete = True
        self.origin: Origin | None = None
        if expr is not None:
            self._read(origins, expr, scope, 0)

    def _read(self, origins: Origins, expr: s.Expr, scope: Scope, depth: int) -> None:
        origin = origins.one(expr, scope)
        if origin is None or not isinstance(origin.expr, s.Mapping) or depth > 4:
            self.complete = False
            return
        self.origin = self.origin or origin
        for key, value, inner in origins.entries(origin):
            if key is None:
                self._read(origins, value, inner, depth + 1)
            elif isinstance(key, s.Literal) and isinstance(key.value, str):
                self.values[key.value] = value, inner
            else:
                self.complete = False

    def get(self, name: str) -> tuple[s.Expr, Scope] | None:
        return self.values.get(name)

    def has(self, name: str) -> bool:
        return name in self.values

    def text(self, name: str, origins: Origins) -> str | None:
        found = self.values.get(name)
        value = constant(*found, origins) if found is not None else None
        return value if isinstance(value, str) else None

    def flag(self, name: str, origins: Origins) -> bool | None:
        """True or false as written; None where it is not set or not a constant."""
        found = self.values.get(name)
        value = constant(*found, origins) if found is not None else None
        return value if isinstance(value, bool) else None


def constant(
    expr: s.Expr, scope: Scope, origins: Origins
) -> str | int | float | bool | bytes | None:
    """The constant that ``expr`` is."""
    origin = origins.one(expr, scope)
    if origin is None or not isinstance(origin.expr, s.Literal):
        return None
    return origin.expr.value if origin.expr.kind != "regex" else None


def attributes_of(mapping: s.Expr, scope: Scope, origins: Origins, model: SequelizeModel) -> None:
    """Read the attributes that ``define`` or ``init`` gets into ``model``."""
    options = Options(origins, mapping, scope)
    model.known = model.known and options.complete
    for name, (value, inner) in options.values.items():
        model.attributes[name] = attribute(name, value, inner, origins)


def attribute(name: str, value: s.Expr, scope: Scope, origins: Origins) -> ModelAttribute:
    path, span = scope.module.path, value.span
    origin = origins.one(value, scope)
    if origin is None or not isinstance(origin.expr, s.Mapping):
        kind = type_of(value)
        return ModelAttribute(name, path, span, TYPES.get(kind or ""), virtual=kind == "VIRTUAL")
    options = Options(origins, value, scope)
    given = options.get("type")
    kind = type_of(given[0]) if given is not None else None
    primary = options.flag("primaryKey", origins) is True
    allow = options.flag("allowNull", origins)
    increments = options.flag("autoIncrement", origins) is True
    default = options.has("defaultValue") or increments
    return ModelAttribute(
        name, path, span, TYPES.get(kind or ""), options.text("field", origins),
        False if primary else True if not options.has("allowNull") else allow,
        primary, options.has("unique") and options.flag("unique", origins) is not False, default,
        _references(options, origins), virtual=kind == "VIRTUAL" or (kind is None and
        options.has("get")),
    )  # fmt: skip


def _references(options: Options, origins: Origins) -> str | None:
    found = options.get("references")
    if found is None:
        return None
    inner = Options(origins, *found)
    table, key = inner.text("model", origins), inner.text("key", origins)
    return f"{table}.{key or 'id'}" if table is not None else None


def type_of(expr: s.Expr) -> str | None:
    """``STRING`` of ``DataTypes.STRING(64).BINARY``."""
    names: list[str] = []
    node: s.Expr = expr
    while True:
        if isinstance(node, s.Call):
            node = node.func
        elif isinstance(node, s.Attribute):
            names.append(node.name)
            node = node.value
        else:
            break
    if isinstance(node, s.Name):
        names.append(node.id)
    return next((name for name in reversed(names) if name in TYPES or name == "VIRTUAL"), None)


def implied_attributes(model: SequelizeModel, options: Options, origins: Origins) -> None:
    """The primary key and the times that Sequelize adds."""
    if (
        not any(item.primary_key for item in model.attributes.values())
        and "id" not in model.attributes
    ):
        model.attributes["id"] = _implied(model, "id", "integer", primary_key=True)
    if options.flag("timestamps", origins) is not False:
        for name in ("createdAt", "updatedAt"):
            _timestamp(model, options, origins, name)
        if options.flag("paranoid", origins) is True:
            _timestamp(model, options, origins, "deletedAt", nullable=True)
    if options.has("version"):
        name = options.text("version", origins) or "version"
        model.attributes.setdefault(name, _implied(model, name, "integer"))


def _timestamp(
    model: SequelizeModel, options: Options, origins: Origins, name: str, nullable: bool = False
) -> None:
    if options.flag(name, origins) is False:
        return
    written = options.text(name, origins) if options.has(name) else name
    if written is None:
        model.known = model.known and options.flag(name, origins) is True
        written = name
    if written not in model.attributes:
        model.attributes[written] = _implied(model, written, "datetime-tz", nullable=nullable)


def _implied(
    model: SequelizeModel, name: str, kind: ColumnType, *, primary_key: bool = False,
    nullable: bool = False,
) -> ModelAttribute:  # fmt: skip
    return ModelAttribute(
        name, model.path, model.span, kind, None, nullable, primary_key, primary_key, True,
        implied=True,
    )  # fmt: skip


def table_of(model: SequelizeModel, options: Options, origins: Origins) -> str | None:
    """The table's name; None where it cannot be told."""
    if options.has("tableName"):
        return options.text("tableName", origins)
    if not options.complete:
        return None
    if options.flag("freezeTableName", origins) is True:
        return model.name
    name = plural(model.name)
    return snake(name) if model.underscored else name


def column_of(model: SequelizeModel, item: ModelAttribute) -> str | None:
    """The column's name."""
    if item.field is not None:
        return item.field
    if model.underscored is None:
        return None
    return snake(item.name) if model.underscored else item.name


def _is_mixin(annotation: s.Expr | None) -> bool:
    """``declare getBooks: HasManyGetAssociationsMixin<Book>``: a type for what an association
    makes."""
    written = annotation.value if isinstance(annotation, s.Subscript) else annotation
    name = written.id if isinstance(written, s.Name) else getattr(written, "name", "")
    return str(name).endswith(("AssociationMixin", "AssociationsMixin"))


def accessors_of(model: SequelizeModel, options: Options) -> Iterator[str]:
    """The names that the class body and the options put on instances."""
    if model.cls is not None:
        for statement in model.cls.node.body:
            if isinstance(statement, s.FunctionDef):
                yield statement.function.name
            elif isinstance(statement, s.Assign) and not _is_mixin(statement.annotation):
                for target in statement.targets:
                    if isinstance(target, s.Name):
                        yield target.id
    for group in ("getterMethods", "setterMethods", "instanceMethods"):
        found = options.get(group)
        if found is not None and isinstance(found[0], s.Mapping):
            for entry in found[0].entries:
                if isinstance(entry.key, s.Literal):
                    yield str(entry.key.value)
