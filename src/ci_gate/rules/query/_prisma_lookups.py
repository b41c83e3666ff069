"""Prisma: look-ups, filters and options that the data source or the field's type does not have."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.prisma.arguments import Level, Use
from ci_gate.codemodel.prisma.client import BY_UNIQUE, Client, Query
from ci_gate.codemodel.prisma.facts import PrismaField
from ci_gate.findings import Related
from ci_gate.rules._defects import Defect
from ci_gate.rules.orm._words import listed
from ci_gate.rules.query._operators import asks_for_dialect

_TITLES: Final = {
    "sqlite": "SQLite", "mysql": "MySQL", "sqlserver": "SQL Server", "mongodb": "MongoDB",
    "postgresql": "PostgreSQL", "postgres": "PostgreSQL", "cockroachdb": "CockroachDB",
}  # fmt: skip
_POSTGRES: Final = frozenset({"postgresql", "postgres"})
#: Providers that lack a filter or an option.
_WITHOUT_MODE: Final = frozenset({"sqlite", "mysql", "sqlserver"})
_WITHOUT_SKIP: Final = frozenset({"sqlite", "sqlserver", "mongodb"})
_WITHOUT_RETURN: Final = frozenset({"mysql", "sqlserver", "mongodb"})
_WITHOUT_SEARCH: Final = frozenset({"sqlite", "sqlserver", "mongodb", "cockroachdb"})
_OF_TEXT: Final = frozenset({"contains", "startsWith", "endsWith", "mode", "search"})
_OF_LISTS: Final = frozenset({"has", "hasSome", "hasEvery", "isEmpty"})
_OF_ORDER: Final = frozenset({"gt", "gte", "lt", "lte"})
_OF_JSON_LISTS: Final = frozenset({"array_contains", "array_starts_with", "array_ends_with"})
_NUMBERS: Final = frozenset({"Int", "BigInt", "Float", "Decimal", "DateTime", "Boolean"})


def unsupported_filters(client: Client) -> Iterator[Defect]:
    if client.extensions.unknown:
        return
    seen: set[s.Node] = set()
    for query in client.all:
        provider = query.schema.provider
        if provider not in _TITLES or not query.model.known:
            continue
        for defect in _of_query(client, query, provider):
            if defect.node not in seen and not asks_for_dialect(
                client.origins.surroundings, defect.path, defect.node
            ):
                seen.add(defect.node)
                yield defect


def _of_query(client: Client, query: Query, provider: str) -> Iterator[Defect]:
    if query.method.endswith("AndReturn") and provider in _WITHOUT_RETURN and query.sure:
        yield _defect(
            query,
            query.path,
            query.call.func,
            f"{_TITLES[provider]} has no `{query.method}` in Prisma's client.",
            f"TypeError: {query.label} is not a function, each time the line runs.",
            f"Use `{query.method.removesuffix('AndReturn')}`, and read the rows with `findMany`.",
            query.method,
        )
    for level in client.arguments.levels(query):
        if level.top:
            yield from _options(client, level, provider)
    for use in client.arguments.uses(query):
        if use.how in ("where", "unique") and use.field is not None and use.field.known:
            yield from _filter(client, use, use.field, provider)


# --- options, and look-ups by what is not unique ---


def _options(client: Client, level: Level, provider: str) -> Iterator[Defect]:
    query = level.query
    for key, _, scope in level.keys.get("skipDuplicates", ()):
        if query.method.startswith("createMany") and provider in _WITHOUT_SKIP:
            yield _defect(
                query,
                scope.module.path,
                key,
                f"`skipDuplicates` is given to {query.label}(), which {_TITLES[provider]} does not "
                "have.",
                _fails("Unknown argument `skipDuplicates`"),
                "Use `upsert` for each row, or look for the rows that are there first.",
                "skipDuplicates",
            )
    if query.method not in BY_UNIQUE:
        return
    unique = query.model.unique_names()
    for key, value, scope in level.keys.get("where", ()):
        origins = list(client.arguments.mappings(value, scope))
        if not unique or len(origins) != 1 or not client.arguments.closed(origins[0]):
            continue
        names = [name for name, *_ in client.arguments.entries(origins[0])]
        if not names or set(names) & set(unique) or not set(names) <= set(query.model.fields):
            continue
        other = {"findUnique": "findFirst", "findUniqueOrThrow": "findFirstOrThrow"}.get(
            query.method, f"{query.method}Many"
        )
        instead = f" or use `{other}`" if query.method != "upsert" else ""
        yield _defect(
            query,
            origins[0].scope.module.path,
            key if origins[0].expr is value else origins[0].expr,
            f"{query.label}() asks by {listed(names)}, and only {listed(unique)} "
            f"{'is' if len(unique) == 1 else 'are'} unique in {query.model.name}.",
            _fails("Argument `where` needs at least one of "
                   + ", ".join(f"`{name}`" for name in unique[:4])),
            f"Ask by a unique field{instead}; or mark the field `@unique`.",
            f"{query.model.name} by {', '.join(names)}",
        )  # fmt: skip


# --- filters ---


def _filter(client: Client, use: Use, field: PrismaField, provider: str) -> Iterator[Defect]:
    if field.is_relation or use.value is None or field.type in use.query.schema.models:
        return
    for origin in client.arguments.mappings(use.value, use.scope):
        entries = list(client.arguments.entries(origin))
        for name, key, value, scope in entries:
            lacking = _lacking(use, field, name, value, provider)
            if lacking is None or isinstance(value, s.Conditional):
                continue
            message, fix = lacking
            yield _defect(
                field, scope.module.path, key, message, _fails(f"Unknown argument `{name}`"),
                fix, f"{use.model.name}.{field.name} {name}",
            )  # fmt: skip
            break


def _lacking(
    use: Use, field: PrismaField, name: str, value: s.Expr, provider: str
) -> tuple[str, str] | None:
    """What is wrong with a filter, and what to do."""
    label = f"{use.model.name}.{field.name}"
    title = _TITLES[provider]
    if name in _OF_LISTS and not field.many:
        return (
            f"`{name}` asks for the items of a list, and {label} is a single {field.type}.",
            "Use `equals`, `in` or, for a text, `contains`.",
        )
    if field.many:
        if name in _OF_TEXT:
            return (
                f"`{name}` is a filter for texts, and {label} is a list of {field.type}.",
                "Use `has`, `hasSome` or `hasEvery`.",
            )
        return None
    if name == "mode" and field.type == "String" and provider in _WITHOUT_MODE:
        return (
            f"`mode` is given for {label}, which Prisma has for PostgreSQL and MongoDB only, not "
            f"for {title}.",
            "Leave it out: `contains` compares ASCII letters without regard to case there."
            if provider == "sqlite"
            else "Leave it out: the collation of the database says how letters compare.",
        )
    if name == "search" and field.type == "String" and provider in _WITHOUT_SEARCH:
        return f"`search` asks {title} for full-text search, which Prisma does not have there.", (
            "Use `contains`."
        )
    if name in _OF_TEXT and (field.type in _NUMBERS or field.type in use.query.schema.enums):
        return (
            f"`{name}` is a filter for texts, and {label} is of type {field.type}.",
            "Use `equals` or `in`."
            if field.type in ("Boolean", *use.query.schema.enums)
            else "Use `equals`, `gte` and `lte`.",
        )
    if name in _OF_ORDER and (field.type == "Boolean" or field.type in use.query.schema.enums):
        return (
            f"`{name}` compares by order, which {field.type} of {label} does not have.",
            "Use `equals`, `in` or `not`.",
        )
    if field.type == "Json" and provider == "sqlite" and name in _OF_JSON_LISTS:
        return (
            f"`{name}` asks {title} for a filter on JSON lists that Prisma does not have there.",
            f"Keep what {field.name} lists in a model of its own, or compare in the program.",
        )
    if field.type == "Json" and name == "path":
        return _path(label, value, provider)
    return None


def _path(label: str, value: s.Expr, provider: str) -> tuple[str, str] | None:
    if provider in _POSTGRES and isinstance(value, s.Literal) and value.kind == "string":
        return (
            f"The `path` into {label} is a text, and on PostgreSQL it is a list of keys.",
            "Write the keys as a list: `path: ['a', 'b']`.",
        )
    if provider in ("sqlite", "mysql") and isinstance(value, s.Sequence):
        return (
            f"The `path` into {label} is a list, and on {_TITLES[provider]} it is a text.",
            "Write the path as a text: `path: '$.a.b'`.",
        )
    return None


def _fails(error: str) -> str:
    return (
        f"Prisma throws PrismaClientValidationError ({error}) before it asks the database: every "
        "request that takes this way answers 500."
    )


def _defect(
    of: Query | PrismaField, path: str, node: s.Node, message: str, why: str, fix: str, subject: str
) -> Defect:
    if isinstance(of, PrismaField):
        place = Related(of.path, of.line, f"{of.name} is defined here")
    else:
        place = Related(of.model.path, of.model.line, f"{of.model.name} is defined here")
    return Defect(path, node, message, why, fix, subject, (place,))
