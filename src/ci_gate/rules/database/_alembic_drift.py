"""Where SQLAlchemy's mapped tables and Alembic's revisions disagree."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.entities import Column, Entity
from ci_gate.codemodel.migrations.alembic import (
    AlembicHistory,
    MigratedTable,
    alembic_histories,
)
from ci_gate.codemodel.model import CodeModel
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.values import ClassValue
from ci_gate.data import dataclass
from ci_gate.findings import Related, Severity
from ci_gate.regex import regex
from ci_gate.rules.base import Facts
from ci_gate.rules.database._drift import Drift, ignores, mentioned, started_with
from ci_gate.rules.database._metadata import MetadataFinder
from ci_gate.rules.database._provision import tables_of_ddl

_MAPPED: Final = ("sqlalchemy", "sqlmodel", "table")
_MAKES: Final = regex(r"alembic\s+revision[^\n&;|]*--autogenerate|flask\s+db\s+migrate")
#: A history that lacks more of the mapped tables than this is not that of these classes.
_SHARE_OF_TABLES: Final = 0.6
#: What an ``env.py`` says of tables that migrations leave alone.
_SELECTS: Final = regex(r"\binclude_(?:object|name)\b|\bexclude_tables\b")


@dataclass(frozen=True, slots=True)
class _Missing:
    """A column that a mapped class has and its table does not."""

    item: Entity
    column: Column
    table: MigratedTable
    history: AlembicHistory


def alembic_drift(facts: Facts) -> Iterator[Drift]:
    model = facts.model
    mapped = [item for item in facts.entities if item.kind in _MAPPED and _has_table(item)]
    if not mapped:
        return
    histories = [history for history in alembic_histories(model) if history.tables]
    if not histories or started_with(model, _MAKES) or _are_ignored(model):
        return
    missing: dict[tuple[str, s.Span], list[_Missing]] = defaultdict(list)
    for item in mapped:
        having = [history for history in histories if item.table in history.tables]
        if len(having) == 1 and _is_followed(having[0]):
            for found in _lacking(facts, item, having[0]):
                missing[found.column.path, found.column.span].append(found)
    created = _creates_tables(model)
    for same in missing.values():
        drift = _no_column(same, _command(model))
        yield replace(drift, severity=Severity.WARNING) if created else drift
    if len(histories) == 1 and _is_followed(histories[0]) and not created:
        together = _of_migrated_metadata(model, mapped, histories[0])
        yield from _unmade(facts, together, histories[0])


def _are_ignored(model: CodeModel) -> bool:
    return any(ignores(model, name) for name in ("versions", "migrations", "alembic/"))


def _is_followed(history: AlembicHistory) -> bool:
    return history.complete and not history.unknown_sql


def _has_table(item: Entity) -> bool:
    """Does the class or object stand for a table of the service's own database?"""
    return (
        item.table is not None
        and not item.abstract
        and not is_outside(item.path)
        and not any(
            isinstance(target, s.Name) and target.id in ("__bind_key__", "__table__")
            for statement in (item.cls.node.body if item.cls is not None else ())
            if isinstance(statement, s.Assign)
            for target in statement.targets
        )
    )


def _creates_tables(model: CodeModel) -> bool:
    """Does the service itself create tables from the classes?"""
    return any(
        isinstance(call.func, s.Attribute) and call.func.name == "create_all"
        for function in model.functions.values()
        if not is_outside(function.module.path)
        for call in model.calls_in(function)
    )


def _command(model: CodeModel) -> str:
    """What writes a migration in this project."""
    if any(edge.package == "flask_migrate" for edge in model.import_edges):
        return "flask db migrate"
    return "alembic revision --autogenerate"


def _lacking(facts: Facts, item: Entity, history: AlembicHistory) -> Iterator[_Missing]:
    """Columns of a mapped class that the table does not get."""
    table = history.tables[item.table or ""]
    if not table.complete:
        return
    names = {name.lower() for name in table.columns}
    own = _own_columns(facts, item)
    missing = [column for column in own if column.column.lower() not in names]
    if 2 * len(missing) > len(own):
        return
    for column in missing:
        if not mentioned(column.column, history.sql):
            yield _Missing(item, column, table, history)


def _own_columns(facts: Facts, item: Entity) -> Sequence[Column]:
    """The columns of the class's own table: those of a parent with a table of its own left out."""
    elsewhere = {
        (column.path, column.span)
        for value in (facts.model.ancestors(item.cls) if item.cls is not None else ())
        if isinstance(value, ClassValue)
        and (above := facts.entities.of_class(value.cls)) is not None
        and above.table not in (None, item.table)
        for column in above.columns.values()
    }
    return [c for c in item.columns.values() if (c.path, c.span) not in elsewhere]


def _no_column(same: Sequence[_Missing], command: str) -> Drift:
    """One column, for the class or, from a mixin or a common parent, the classes that map it."""
    item, column, table = same[0].item, same[0].column, same[0].table
    tables = list(dict.fromkeys(found.table.name for found in same))
    name = column.column
    called = f" (`{column.name}`)" if column.name != name else ""
    names = list(dict.fromkeys(found.item.name for found in same))
    who = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
    of = f"the table {table.name}" if len(tables) == 1 else f"the tables {', '.join(tables[:4])}"
    return Drift(
        column.path,
        s.Node(column.span),
        f"{item.name}.{column.name}",
        f"{who} map{'' if len(names) > 1 else 's'} the column `{name}`{called} of {of}, and no "
        "migration adds it.",
        f"On a migrated database every query of {item.name} names `{name}` and fails: no such "
        "column.",
        f'Run `{command} -m "add {table.name}.{name}"`, read what it writes and commit it.',
        (
            Related(table.path, table.line, f"{table.name} is created here"),
            Related(same[0].history.last, 1, "the last migration"),
        ),
    )


def _of_migrated_metadata(
    model: CodeModel, mapped: Sequence[Entity], history: AlembicHistory
) -> Sequence[Entity]:
    """The mapped classes, and those ``Table`` objects that lie on the metadata of tables which the
    migrations make. A table on another metadata may mirror one that others own."""
    finder = MetadataFinder(model)
    migrated = {
        metadata
        for item in mapped
        if item.table in history.tables and (metadata := finder.of_entity(item)) is not None
    }
    return [item for item in mapped if item.cls is not None or finder.of_entity(item) in migrated]


def _unmade(facts: Facts, mapped: Sequence[Entity], history: AlembicHistory) -> Iterator[Drift]:
    """Mapped tables that no migration creates, where migrations create nearly all."""
    tables = {item.table for item in mapped}
    made = tables & history.tables.keys()
    if len(made) < 2 or len(made) < _SHARE_OF_TABLES * len(tables):
        return
    missing = [
        item
        for item in mapped
        if item.table is not None
        and item.table not in made
        and (item.known or item.cls is None)
        and not mentioned(item.table, history.sql)
    ]
    if not missing or _leaves_tables_out(facts.model):
        return
    elsewhere, command = tables_of_ddl(facts.model), _command(facts.model)
    for item in missing:
        table = item.table or ""
        if table.rpartition(".")[2].lower() in elsewhere:
            continue
        if item.cls is not None:
            node: s.Node = item.cls.node
            user = f"query of {item.name}"
            message = f"{item.name} maps the table {table}, and no migration creates it."
        else:
            node, user = s.Node(item.span), "statement on it"
            message = f"The table {table} stands in the metadata, and no migration creates it."
        yield Drift(
            item.path,
            node,
            item.name,
            message,
            f"On a migrated database every {user} fails: no such table {table}.",
            f'Run `{command} -m "create {table}"`, read what it writes and commit it.',
            (Related(history.last, 1, "the last migration"),),
        )


def _leaves_tables_out(model: CodeModel) -> bool:
    """Does the environment of the migrations say which tables are none of theirs?"""
    return any(
        _SELECTS.search(model.tree.text(path))
        for path in model.modules
        if path.rpartition("/")[2] == "env.py"
    )
