"""Prisma: models and columns of `schema.prisma` that no migration makes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ci_gate.codemodel import ddl
from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import CodeModel
from ci_gate.codemodel.prisma.facts import PrismaField, PrismaModel, PrismaSchema
from ci_gate.codemodel.schema import Schema, Table
from ci_gate.codemodel.schemabuilder import SchemaBuilder
from ci_gate.codemodel.sqldrivers import Dialect
from ci_gate.findings import Related
from ci_gate.regex import regex
from ci_gate.rules.base import Facts
from ci_gate.rules.database._drift import Drift, ignores, mentioned, started_with

_PUSH: Final = regex(r"\bdb\s+push\b")
_DIALECTS: Final[dict[str | None, Dialect]] = {
    "postgresql": "postgres", "postgres": "postgres", "cockroachdb": "postgres",
    "sqlite": "sqlite", "mysql": "mysql",
}  # fmt: skip
_MAX_SIZE: Final = 1_000_000


def prisma_drift(facts: Facts) -> Iterator[Drift]:
    model = facts.model
    for schema in facts.entities.prisma.schemas.all:
        dialect = _DIALECTS.get(schema.provider)
        if dialect is None or not schema.complete:
            continue
        texts = _migrations(model, schema)
        if not texts or _is_pushed(model) or ignores(model, "migrations"):
            continue
        yield from _of_schema(schema, texts, _tables(texts, dialect))


def _migrations(model: CodeModel, schema: PrismaSchema) -> dict[str, str]:
    """The SQL of the migrations beside the schema, in order; nothing where one is left out."""
    texts: dict[str, str] = {}
    for folder in dict.fromkeys((_folder(schema), _folder(schema).rpartition("/")[0])):
        start = f"{folder}/migrations/" if folder else "migrations/"
        for path in sorted(model.tree.files):
            if path.startswith(start) and path.endswith("/migration.sql"):
                try:
                    text = model.tree.text(path)
                except (OSError, UnicodeError):
                    return {}
                if len(text) > _MAX_SIZE:
                    return {}
                texts[path] = text
        if texts:
            break
    return texts


def _folder(schema: PrismaSchema) -> str:
    return schema.paths[0].rpartition("/")[0]


def _is_pushed(model: CodeModel) -> bool:
    """Is the database made from the schema itself where the service starts?"""
    if started_with(model, _PUSH):
        return True
    for path in model.tree.files:
        if path.rpartition("/")[2] == "package.json" and "node_modules" not in path:
            try:
                if _PUSH.search(model.tree.text(path)):
                    return True
            except (OSError, UnicodeError):
                continue
    return False


def _tables(texts: dict[str, str], dialect: Dialect) -> Schema:
    builder = SchemaBuilder()
    for path, text in texts.items():
        for change in ddl.changes(text, dialect):
            builder.apply(change, path, 0, in_order=True)
    return builder.schema()


def _of_schema(schema: PrismaSchema, texts: dict[str, str], made: Schema) -> Iterator[Drift]:
    by_name = {name.rpartition(".")[2].lower(): table for name, table in made.tables.items()}
    models = [
        item
        for item in schema.models.values()
        if item.kind == "model" and item.known and not item.ignored
    ]
    there = [item for item in models if item.table.lower() in by_name]
    if 2 * len(there) < len(models):
        return  # the database was there before its migrations
    last = next(reversed(texts))
    for model in models:
        table = by_name.get(model.table.lower())
        if table is None:
            if not mentioned(model.table, texts.values()):
                yield _no_table(model, last)
        elif table.complete:
            for item in model.scalars():
                if _is_missing(item, table) and item.type not in schema.models:
                    yield _no_column(model, item, table)


def _is_missing(item: PrismaField, table: Table) -> bool:
    return item.known and table.column(item.column) is None


def _no_table(model: PrismaModel, last: str) -> Drift:
    span = (model.line, 1, model.line, 1)
    named = f" (table `{model.table}`)" if model.table != model.name else ""
    return Drift(
        model.path,
        s.Node(span),
        f"{model.name} without migration",
        f"No migration creates the table of the model {model.name}{named}.",
        "`prisma migrate deploy` leaves the database without it: every query of the model fails "
        "with P2021 (the table does not exist).",
        "Run `prisma migrate dev`, and commit the migration that it writes.",
        (Related(last, 1, "the last migration"),),
    )


def _no_column(model: PrismaModel, item: PrismaField, table: Table) -> Drift:
    span = (item.line, 1, item.line, 1)
    named = f" (column `{item.column}`)" if item.column != item.name else ""
    return Drift(
        item.path,
        s.Node(span),
        f"{model.name}.{item.name} without migration",
        f"No migration adds {model.name}.{item.name}{named} to the table `{table.name}`.",
        "`prisma migrate deploy` leaves the database without the column, and the client names all "
        f"columns: every query of {model.name} fails with P2022 (the column does not exist).",
        "Run `prisma migrate dev`, and commit the migration that it writes.",
        (Related(table.path, table.span[0], f"`{table.name}` is created here"),),
    )
