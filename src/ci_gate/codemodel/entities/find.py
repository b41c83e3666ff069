"""Which classes and objects an ORM maps to tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.entities.facts import Entity
from ci_gate.codemodel.model import ClassInfo, CodeModel
from ci_gate.codemodel.values import ClassValue, ExternalValue
from ci_gate.regex import regex

#: base class -> kind of entity
_BASES: Final = (
    (regex(r"^flask_sqlalchemy\w*\.SQLAlchemy\(\)\.Model$"), "sqlalchemy"),
    (regex(r"^sqlalchemy\.orm\.DeclarativeBase\w*$"), "sqlalchemy"),
    (regex(r"^sqlalchemy\.(?:\w+\.)*(?:declarative_base|automap_base)\(\)$"), "sqlalchemy"),
    (regex(r"^sqlalchemy\.orm\.registry\(\)\.generate_base\(\)$"), "sqlalchemy"),
    (regex(r"^sqlmodel\.(?:main\.)?SQLModel$"), "sqlmodel"),
    (regex(r"^django\.(?:contrib\.gis\.)?db\.models\.(?:base\.)?Model$"), "django"),
    (regex(r"^django\.contrib\.(?!gis\.|postgres\.)\w+\.(?:\w+\.)*(?:models|base_user|"
                r"base_session)\.(?!\w*(?:Manager|QuerySet)$)[A-Z]\w+$"), "django"),
    (regex(r"^mptt\.models\.MPTTModel$"), "django"),
    (regex(r"^tortoise\.(?:models\.)?Model$"), "tortoise"),
    (regex(r"^sequelize\.Model$"), "sequelize"),
    (regex(r"^sequelize-typescript\.Model$"), "sequelize-typescript"),
    (regex(r"^typeorm\.BaseEntity$"), "typeorm"),
)  # fmt: skip
_DECLARATIVE: Final = regex(r"^sqlalchemy\.orm\.(?:decl_api\.)?DeclarativeBase(?:NoMeta)?$")
#: call -> kind of entity
_CALLS: Final = (
    (regex(r"^sqlalchemy\.(?:schema\.)?Table$|^flask_sqlalchemy\.SQLAlchemy\(\)\.Table$"),
     "table"),
    (regex(r"^sequelize\.Sequelize\(\)\.define$"), "sequelize"),
    (regex(r"^mongoose\.model$"), "mongoose"),
    (regex(r"^drizzle-orm/(?:pg|sqlite|mysql)-core\.(?:\w*[tT]able(?:Creator\(\))?|"
                r"\w*Schema\(\)\.table)$"), "drizzle"),
)  # fmt: skip
#: where the Python ones come from
_WITH_TABLES: Final = frozenset({"sqlalchemy", "flask_sqlalchemy"})
_DECORATORS: Final = (
    (regex(r"^sequelize-typescript\.Table(?:\(\))?$"), "sequelize-typescript"),
    (regex(r"^typeorm\.(?:View|Child)?Entity(?:\(\))?$"), "typeorm"),
)  # fmt: skip
_TABLE_NAMES: Final = ("__tablename__", "__table__")
_PRISMA_MODEL: Final = regex(r"^\s*model\s+(\w+)\s*\{", re.MULTILINE)


def find_entities(model: CodeModel) -> list[Entity]:
    """All entities of the tree, in the order of files and lines."""
    found = [*_classes(model), *_objects(model), *_prisma(model)]
    return sorted(found, key=lambda entity: (entity.path, entity.span))


def _classes(model: CodeModel) -> Iterator[Entity]:
    for cls in model.classes.values():
        kind = _kind_of(model, cls)
        if kind is None:
            continue
        table = _table(cls)
        abstract = _is_abstract(cls, kind, table) or _is_declarative_base(model, cls)
        yield Entity(cls.name, kind, cls.module.path, cls.node.span, cls, table, abstract)


def _kind_of(model: CodeModel, cls: ClassInfo) -> str | None:
    for base in model.ancestors(cls):
        if isinstance(base, ExternalValue):
            for pattern, kind in _BASES:
                if pattern.match(base.path):
                    return _sqlmodel(model, cls) if kind == "sqlmodel" else kind
    if cls.module.language == "python":
        return None
    for decorator in cls.node.decorators:
        for value in model.evaluate(decorator):
            if isinstance(value, ExternalValue):
                for pattern, kind in _DECORATORS:
                    if pattern.match(value.path):
                        return kind
    return None


def _sqlmodel(model: CodeModel, cls: ClassInfo) -> str | None:
    """A SQLModel class is an entity only with ``table=True``, its own or inherited."""
    lineage = [cls, *(v.cls for v in model.ancestors(cls) if isinstance(v, ClassValue))]
    for item in lineage:
        for base in item.node.bases:
            if (
                base.keyword == "table"
                and isinstance(base.value, s.Literal)
                and base.value.value is True
            ):
                return "sqlmodel"
    return None


def _table(cls: ClassInfo) -> str | None:
    for statement in cls.node.body:
        match statement:
            case s.Assign(targets=[s.Name(id=name)], value=s.Literal(value=str(text))) if (
                name in _TABLE_NAMES
            ):
                return text
    return None


def _is_abstract(cls: ClassInfo, kind: str, table: str | None) -> bool:
    for statement in cls.node.body:
        match statement:
            case s.Assign(targets=[s.Name(id="__abstract__")], value=s.Literal(value=True)):
                return True
            case s.ClassDef(cls=s.Class(name="Meta", body=body)):
                for inner in body:
                    match inner:
                        case s.Assign(targets=[s.Name(id="abstract")], value=s.Literal(value=True)):
                            return True
    if kind == "sqlalchemy" and table is None:
        return not any(isinstance(st, s.Assign) and st.value is not None for st in cls.node.body)
    return False


def _is_declarative_base(model: CodeModel, cls: ClassInfo) -> bool:
    """``class Base(DeclarativeBase)``: what its body says (``metadata``, ``type_annotation_map``)
    is for the classes below it, and it has no table."""
    return any(
        isinstance(value, ExternalValue) and _DECLARATIVE.match(value.path)
        for base in cls.node.bases
        if base.keyword is None
        for value in model.evaluate(base.value, model.scope_of(base))
    )


def _objects(model: CodeModel) -> Iterator[Entity]:
    spellings = model.given_names | {"Table"}
    of_python = any(edge.package in _WITH_TABLES for edge in model.import_edges)
    for function in model.functions.values():
        python = function.module.language == "python"
        if python and not of_python:
            continue
        for call in model.calls_in(function):
            if python and (s.last_name(call.func) or "Table") not in spellings:
                continue
            for value in model.evaluate(call.func, model.scope_of(call)):
                if not isinstance(value, ExternalValue):
                    continue
                for pattern, kind in _CALLS:
                    if pattern.match(value.path):
                        name = call.argument(0)
                        text = name.value if isinstance(name, s.Literal) else None
                        yield Entity(
                            str(text or "?"), kind, function.module.path, call.span, None,
                            text if isinstance(text, str) else None,
                        )  # fmt: skip


def _prisma(model: CodeModel) -> Iterator[Entity]:
    for path in model.tree.files:
        if not path.endswith(".prisma"):
            continue
        try:
            text = model.tree.text(path)
        except OSError:
            continue
        for match in _PRISMA_MODEL.finditer(text):
            line = text.count("\n", 0, match.start(1)) + 1
            yield Entity(match[1], "prisma", path, (line, 1, line, 1), None, match[1])
