"""Columns as SQLAlchemy and SQLModel write them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.entities import types
from ci_gate.codemodel.entities.declarations import Declaration
from ci_gate.codemodel.entities.facts import Column, ColumnType
from ci_gate.codemodel.model import ClassInfo, CodeModel, Scope
from ci_gate.codemodel.python.lower import parse_expression
from ci_gate.codemodel.values import (
    ClassValue,
    ExternalValue,
    FunctionValue,
    InstanceValue,
    PartialValue,
)
from ci_gate.regex import regex

_LIBRARIES: Final = ("sqlalchemy", "flask_sqlalchemy", "sqlmodel", "geoalchemy2", "pgvector",
                     "advanced_alchemy", "fastapi_users")  # fmt: skip
_MAKERS: Final = frozenset({"mapped_column", "Column", "Field"})
_MAPPED: Final = frozenset({"Mapped"})
_DEFAULTS: Final = ("default", "server_default", "default_factory", "insert_default", "init")
_SQL: Final = regex(
    r"^(?:sqlalchemy|flask_sqlalchemy|sqlmodel)\b.*\.(?:func\.\w+|text|literal_column|select)$"
)
_ENUM_BASES: Final = ("enum.",)


def last(model: CodeModel, func: s.Expr, scope: Scope) -> str | None:
    """The name of the ORM library's function or type that ``func`` is; None if it is none."""
    for found in model.evaluate(func, scope):
        value = found
        while isinstance(value, PartialValue):
            value = value.function
        if isinstance(value, ExternalValue) and value.path.startswith(_LIBRARIES):
            return value.path.removesuffix("()").rpartition(".")[2]
    return None


class Columns:
    """Reads columns; ``table_of`` gives the table of an entity's class."""

    def __init__(self, model: CodeModel, table_of: Callable[[ClassInfo], str | None]) -> None:
        self._model = model
        self._table_of = table_of

    def member(
        self, item: Declaration, kind: str | None, path: str, *, sqlmodel: bool
    ) -> Column | None:
        """The column that a class attribute is; None when it is something else."""
        annotation, value = item.annotation, item.value
        mapped = annotation is not None and _outer(annotation) in _MAPPED
        if (
            kind in _MAKERS
            and isinstance(value, s.Call)
            and last(self._model, value.func, item.scope) in _MAKERS
        ):
            return self._made(item, value, path, sqlmodel=sqlmodel)
        if kind in ("deferred", "column_property") and isinstance(value, s.Call):
            inner = value.argument(0)
            if isinstance(inner, s.Call) and (
                kind == "deferred" or last(self._model, inner.func, item.scope) in _MAKERS
            ):
                return self._made(item, inner, path, sqlmodel=False)
        if kind in _MAKERS:
            found = self._by_own_function(value, item, path)
            return found or Column(item.name, item.name, None, path, item.node.span)
        if mapped and annotation is not None and self._is_own_maker(value, item.scope):
            return self._annotated(item, annotation, path, sqlmodel=False)
        if value is not None and not (sqlmodel and kind is None):
            return None
        if annotation is None or not (mapped or sqlmodel):
            return None
        if _outer(annotation) == "ClassVar":
            return None
        return self._annotated(item, annotation, path, sqlmodel=sqlmodel)

    def _by_own_function(self, value: s.Expr | None, item: Declaration, path: str) -> Column | None:
        """``key = primary_key()``: what the project's function says of the column it returns."""
        if not isinstance(value, s.Call):
            return None
        values = self._model.evaluate(value.func, item.scope)
        for found in values if len(values) == 1 else ():
            if not isinstance(found, FunctionValue):
                continue
            scope = self._model.scope_in(found.function)
            calls = _returned(found.function.node)
            if len(calls) != 1 or last(self._model, calls[0].func, scope) not in _MAKERS:
                continue
            made = self.classic(calls[0], item.name, scope, path=path)
            if made is not None:
                return replace(made, span=item.node.span)
        return None

    def _is_own_maker(self, value: s.Expr | None, scope: Scope) -> bool:
        """Is it a call of a function of the project's own that says that it returns Mapped[…]?"""
        if not isinstance(value, s.Call):
            return False
        return any(
            isinstance(found, FunctionValue)
            and isinstance(found.function.node, s.Function)
            and found.function.node.returns is not None
            and _outer(found.function.node.returns) in _MAPPED
            for found in self._model.evaluate(value.func, scope)
        )

    def _annotated(
        self, item: Declaration, annotation: s.Expr, path: str, *, sqlmodel: bool
    ) -> Column | None:
        """``name: Mapped[int]`` without a value, ``name: int = 3`` in a SQLModel class."""
        kind, optional, call = self._python_type(annotation, item.scope)
        if call is not None:
            return self._made(item, call, path, sqlmodel=False)
        if kind is None and not sqlmodel and self._leads_to_class(annotation, item.scope):
            return None
        return Column(
            item.name, item.name, kind, path, item.node.span, nullable=optional,
            default=item.value is not None or optional,
        )  # fmt: skip

    def _leads_to_class(self, annotation: s.Expr, scope: Scope) -> bool:
        inner = annotation.index if isinstance(annotation, s.Subscript) else annotation
        return bool(self._model.annotated(inner, scope)) or (
            isinstance(inner, s.Literal) and isinstance(inner.value, str)
        )

    def _made(self, item: Declaration, call: s.Call, path: str, *, sqlmodel: bool) -> Column | None:
        given = call.argument(keyword="sa_column")
        if isinstance(given, s.Call):
            call, sqlmodel = given, False
        found = self.classic(call, item.name, item.scope, path=path)
        if found is None:
            return None
        kind, optional = found.type, None
        extra: s.Call | None = None
        if item.annotation is not None:
            python, optional, extra = self._python_type(item.annotation, item.scope)
            kind = kind or python
        base = self.classic(extra, item.name, item.scope, path=path) if extra is not None else None
        nullable = found.nullable
        if nullable is None:
            nullable = optional if item.annotation is not None else not found.primary_key
        default = found.default or (
            sqlmodel and bool(call.args) and call.args[0].keyword is None and not _is_dots(call)
        )
        return Column(
            item.name, found.column, kind or (base.type if base else None), path, item.node.span,
            nullable=nullable,
            primary_key=found.primary_key or (base is not None and base.primary_key),
            unique=found.unique or (base is not None and base.unique),
            default=default or (base is not None and base.default),
            foreign_key=found.foreign_key or (base.foreign_key if base else None),
            renewed=found.renewed or (base is not None and base.renewed),
        )  # fmt: skip

    def classic(
        self, call: s.Call, name: str | None, scope: Scope, *, path: str | None = None
    ) -> Column | None:
        """A ``Column(...)``, ``mapped_column(...)`` or ``Field(...)`` call by its arguments."""
        column = name
        kind: ColumnType | None = None
        reference: str | None = None
        default = False
        for index, arg in enumerate(call.args):
            value = arg.value
            if arg.star:
                continue
            text = text_of(value)
            if text is not None and (arg.keyword == "name" or (not arg.keyword and index == 0)):
                column = text
                continue
            if arg.keyword in ("type_", "sa_type") or arg.keyword is None:
                kind = kind or self._type(value, scope)
                reference = reference or self._foreign_key(value, scope)
                default = default or self._generates(value, scope)
            elif arg.keyword == "foreign_key":
                reference = text_of(value)
        if column is None:
            return None
        key = _flag(call, "primary_key")
        return Column(
            name or column, column, kind, path or scope.module.path, call.span,
            nullable=_flag_or_none(call, "nullable"), primary_key=key,
            unique=_flag(call, "unique"),
            default=default or (key and reference is None)
            or any(call.argument(keyword=word) is not None for word in _DEFAULTS),
            foreign_key=reference, renewed=self._is_renewed(call, scope),
        )  # fmt: skip

    def _is_renewed(self, call: s.Call, scope: Scope) -> bool:
        """The value of a changed row is worked out in the database."""
        keywords = {item.keyword: item.value for item in call.args if item.keyword is not None}
        more = keywords.get("sa_column_kwargs")
        for entry in more.entries if isinstance(more, s.Mapping) else ():
            keywords[text_of(entry.key) or ""] = entry.value
        if "server_onupdate" in keywords:
            value = keywords["server_onupdate"]
            return not (isinstance(value, s.Literal) and value.value is None)
        given = keywords.get("onupdate")
        if isinstance(given, s.Call):
            return any(
                isinstance(found, ExternalValue) and _SQL.match(found.path)
                for found in self._model.evaluate(given.func, scope)
            )
        return any(
            item.keyword is None
            and isinstance(item.value, s.Call)
            and last(self._model, item.value.func, scope) == "Computed"
            for item in call.args
        )

    # --- types ---

    def _type(self, expr: s.Expr, scope: Scope) -> ColumnType | None:
        func = expr.func if isinstance(expr, s.Call) else expr
        name = last(self._model, func, scope)
        if name is None:
            return None
        found = types.SQLALCHEMY.get(name.lower())
        if found == "datetime" and isinstance(expr, s.Call):
            zone = expr.argument(0, "timezone")
            if isinstance(zone, s.Literal) and zone.value is True:
                return "datetime-tz"
        return found

    def _generates(self, expr: s.Expr, scope: Scope) -> bool:
        return isinstance(expr, s.Call) and last(self._model, expr.func, scope) in (
            "Identity", "Computed", "Sequence", "FetchedValue",
        )  # fmt: skip

    def _python_type(
        self, annotation: s.Expr, scope: Scope
    ) -> tuple[ColumnType | None, bool, s.Call | None]:
        """Type, whether None is allowed, and the ``mapped_column`` of an ``Annotated`` alias."""
        names: list[s.Expr] = []
        optional = False
        call: s.Call | None = None
        for node in _type_parts(annotation):
            if isinstance(node, s.Literal) and node.value is None:
                optional = True
            elif isinstance(node, s.Name | s.Attribute):
                name = node.id if isinstance(node, s.Name) else node.name
                if name in ("Optional", "None"):
                    optional = True
                elif name not in ("Mapped", "Union", "Annotated"):
                    names.append(node)
            elif isinstance(node, s.Call):
                call = node if last(self._model, node.func, scope) in _MAKERS else call
        for node in names:
            name = node.id if isinstance(node, s.Name) else getattr(node, "name", "")
            if name in types.PYTHON:
                return types.PYTHON[name], optional, call
            alias = self._model.definition(node, scope)
            if alias is not None and isinstance(alias[0], s.Subscript | s.Binary):
                kind, inner, made = self._python_type(*alias)
                return kind, optional or inner, call or made
            for value in self._model.evaluate(node, scope):
                if isinstance(value, ClassValue) and self._is_enum(value.cls):
                    return "enum", optional, call
        return None, optional, call

    def _is_enum(self, cls: ClassInfo) -> bool:
        return any(
            isinstance(base, ExternalValue) and base.path.startswith(_ENUM_BASES)
            for base in self._model.ancestors(cls)
        )

    # --- references ---

    def _foreign_key(self, expr: s.Expr, scope: Scope) -> str | None:
        if not isinstance(expr, s.Call) or last(self._model, expr.func, scope) != "ForeignKey":
            return None
        target = expr.argument(0, "column")
        return self.reference(target, scope) if target is not None else None

    def reference(self, expr: s.Expr, scope: Scope) -> str | None:
        """``table.column`` of a foreign key's target."""
        text = text_of(expr)
        if text is not None:
            return text
        if isinstance(expr, s.Attribute):
            holder = expr.value
            if isinstance(holder, s.Attribute) and holder.name in ("c", "columns"):
                table = self.table(holder.value, scope)
                return f"{table}.{expr.name}" if table else None
            for value in self._model.evaluate(holder, scope):
                if isinstance(value, ClassValue | InstanceValue):
                    table = self._table_of(value.cls)
                    return f"{table}.{expr.name}" if table else None
        return None

    def table(self, expr: s.Expr, scope: Scope) -> str | None:
        """The name of a table given by name, by its ``Table`` object or by its entity."""
        text = text_of(expr)
        if text is not None:
            return text
        if isinstance(expr, s.Name) and scope.cls is not None:
            # ``tags = relationship(Tag, secondary=tags)``: not the attribute in the making
            scope = Scope(scope.module, scope.function)
        for value in self._model.evaluate(expr, scope):
            if isinstance(value, ClassValue):
                return self._table_of(value.cls)
        made = self._model.definition(expr, scope)
        if made is not None and isinstance(made[0], s.Call):
            name = made[0].argument(0, "name")
            return text_of(name) if name is not None else None
        return None


def text_of(expr: s.Expr | None) -> str | None:
    """The constant string that ``expr`` is."""
    return expr.value if isinstance(expr, s.Literal) and isinstance(expr.value, str) else None


def _flag(call: s.Call, keyword: str) -> bool:
    return _flag_or_none(call, keyword) is True


def _flag_or_none(call: s.Call, keyword: str) -> bool | None:
    value = call.argument(keyword=keyword)
    if isinstance(value, s.Literal) and isinstance(value.value, bool):
        return value.value
    return None


def _is_dots(call: s.Call) -> bool:
    first = call.argument(0)
    return isinstance(first, s.Literal) and first.kind == "ellipsis"


def _returned(node: s.Node) -> list[s.Call]:
    """The calls that a function returns."""
    returns = s.returns_in(node) if isinstance(node, s.Function) else ()
    return [item.value for item in returns if isinstance(item.value, s.Call)]


def _outer(annotation: s.Expr) -> str:
    node = annotation.value if isinstance(annotation, s.Subscript) else annotation
    return node.name if isinstance(node, s.Attribute) else getattr(node, "id", "")


def _type_parts(annotation: s.Expr) -> Iterator[s.Node]:
    """The names, constants and calls of an annotation, quoted parts read."""
    stack: list[s.Expr] = [annotation]
    while stack:
        node = stack.pop()
        if isinstance(node, s.Literal) and isinstance(node.value, str):
            parsed = parse_expression(node.value, node.span)
            if parsed is not None:
                stack.append(parsed)
        elif isinstance(node, s.Subscript):
            stack += [node.index, node.value]
        elif isinstance(node, s.Binary):
            stack += [node.right, node.left]
        elif isinstance(node, s.Sequence):
            stack += reversed(node.items)
        else:
            yield node
