"""Node: tables that TypeORM never creates, and entities that its data source does not know."""

from __future__ import annotations

from collections.abc import Iterator

from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.typeorm.datasource import DataSource
from ci_gate.codemodel.typeorm.facts import TypeormEntity
from ci_gate.codemodel.typeorm.typeorm import Typeorm
from ci_gate.findings import Related, Severity
from ci_gate.rules._defects import Defect
from ci_gate.rules.base import Facts
from ci_gate.rules.database._node_schema import made_otherwise

_SHOWN = 4


def never_made(facts: Facts) -> Iterator[Defect]:
    typeorm = facts.entities.typeorm
    source = typeorm.sources.only
    if source is None:
        return
    yield from _not_listed(typeorm, source)
    yield from _not_created(facts, typeorm, source)


def _not_listed(typeorm: Typeorm, source: DataSource) -> Iterator[Defect]:
    """Entities that queries ask for and that ``entities: [...]`` leaves out."""
    listed = source.entities
    if listed is None or source.listed is None:
        return
    used = {
        query.entity: (query.path, query.call)
        for query in reversed(typeorm.queries.all)
        if query.entity is not None
    } | {
        built.entity: (built.path, built.call)
        for built in typeorm.builders.all
        if built.entity is not None
    }
    for entity, (path, call) in sorted(used.items(), key=lambda item: item[0].name):
        if entity in listed or entity.table is None or is_outside(entity.path):
            continue
        yield Defect(
            source.path,
            source.listed,
            f"`entities` of the data source leaves out {entity.name}, which queries ask for.",
            f'TypeORM throws EntityMetadataNotFoundError (No metadata for "{entity.name}" was '
            "found) at its first query, and makes no table for it.",
            f"Add {entity.name} to `entities`.",
            f"{entity.name} not in entities",
            (Related(entity.path, entity.span[0], f"{entity.name} is mapped here"),
             Related(path, call.line, "a query asks for it")),
        )  # fmt: skip


def _not_created(facts: Facts, typeorm: Typeorm, source: DataSource) -> Iterator[Defect]:
    mapped = [
        item
        for item in typeorm.entities.all
        if item.table is not None and not item.view and not is_outside(item.path)
    ]
    options = source.options
    if not mapped or not options.complete or options.has("migrations"):
        return
    if options.has("synchronize") and typeorm.sources.flag(source, "synchronize") is not False:
        return
    if options.has("dropSchema") or typeorm.model.calls_named("synchronize"):
        return
    if typeorm.model.calls_named("runMigrations") or made_otherwise(facts, {"typeorm"}):
        return
    kind = typeorm.sources.text(source, "type") or ""
    if kind == "mongodb":
        return  # collections need no creation
    fresh = "sqlite" in kind or kind in ("sqljs", "expo")
    yield Defect(
        source.path,
        source.call,
        f"The tables {_listed(mapped)} are never created: the data source has neither "
        "`synchronize: true` nor `migrations`, and nothing calls `synchronize()`.",
        f"The first query on {mapped[0].name} fails on a fresh database: no such table.",
        "Add migrations and `migrationsRun: true`, or set `synchronize: true` where the database "
        "is made anew.",
        "tables not created",
        (),
        None if fresh else Severity.WARNING,
    )


def _listed(entities: list[TypeormEntity]) -> str:
    names = ", ".join(f"`{item.table}`" for item in entities[:_SHOWN])
    more = len(entities) - _SHOWN
    return f"{names} and {more} more" if more > 0 else names
