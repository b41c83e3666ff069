"""The tables that TypeScript interfaces describe for Kysely: ``new Kysely<Database>(…)``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import ClassInfo, CodeModel, Scope
from ci_gate.codemodel.schema import SchemaColumn, Table
from ci_gate.codemodel.values import ClassValue, ExternalValue, InstanceValue

_MAX_BASES: Final = 6


def typed_tables(model: CodeModel) -> dict[str, Table]:
    """By the name that queries use."""
    found: dict[str, Table] = {}
    for call, scope in model.calls_named("Kysely"):
        if call.new and len(call.type_args) == 1 and _is_kysely(model, call):
            database = _interface(model, call.type_args[0], scope)
            for name, annotation, owner in _fields(model, database) if database else ():
                interface = _interface(model, annotation, model.class_scope(owner))
                if interface is not None:
                    found[name] = _table(model, name, interface)
                else:
                    place = owner.module.path, annotation.span
                    found[name] = Table(name, *place, {}, "ddl", complete=False)
    return found


def _is_kysely(model: CodeModel, call: s.Call) -> bool:
    return any(
        isinstance(value, ExternalValue) and value.path == "kysely.Kysely"
        for value in model.evaluate(call.func)
    )


def _interface(model: CodeModel, annotation: s.Expr, scope: Scope) -> ClassInfo | None:
    values = model.annotated(annotation, scope)
    value = next(iter(values)) if len(values) == 1 else None
    return value.cls if isinstance(value, InstanceValue) else None


def _fields(model: CodeModel, cls: ClassInfo) -> Iterator[tuple[str, s.Expr, ClassInfo]]:
    """The fields of an interface and of those it extends."""
    lineage = [cls, *(v.cls for v in model.ancestors(cls) if isinstance(v, ClassValue))]
    for item in lineage[:_MAX_BASES]:
        for statement in item.node.body:
            match statement:
                case s.Assign(targets=[s.Name(id=name)], annotation=annotation) if (
                    annotation is not None
                ):
                    yield name, annotation, item


def _table(model: CodeModel, name: str, cls: ClassInfo) -> Table:
    columns = {
        field.lower(): SchemaColumn(field, None, owner.module.path, annotation.line, exact=True)
        for field, annotation, owner in _fields(model, cls)
    }
    bases = len(cls.node.bases)
    known = len([v for v in model.bases(cls) if isinstance(v, ClassValue)]) == bases
    complete = known and bool(columns) and len(columns) == len(list(_fields(model, cls)))
    return Table(name, cls.module.path, cls.node.span, columns, "ddl", complete)
