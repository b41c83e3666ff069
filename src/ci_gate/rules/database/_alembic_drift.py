"""Where SQLAlchemy's mapped tables and Alembic's revisions disagree."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
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
from ci_gate.findings import Related
from ci_gate.rules.base import Facts
from ci_gate.rules.database._drift import Drift, ignores, mentioned, started_with

_MAPPED: Final = ("sqlalchemy", "sqlmodel", "table")
_MAKES: Final = re.compile(r"alembic\s+revision[^\n&;|]*--autogenerate|flask\s+db\s+migrate")
#: A history that lacks more of the mapped tables than this is not that of these classes.
_SHARE_OF_TABLES: Final = 0.75


def alembic_drift(facts: Facts) -> Iterator[Drift]:
    model = facts.model
    mapped = [item for item in facts.entities if item.kind in _MAPPED and _has_table(item)]
    if not mapped:
        return
    histories = [history for history in alembic_histories(model) if history.tables]
    if not histories or started_with(model, _MAKES) or _are_ignored(model):
        return
    for item in mapped:
        having = [history for history in histories if item.table in history.tables]
        if len(having) == 1 and _is_followed(having[0]):
            yield from _lacking(facts, item, having[0])
    if len(histories) == 1 and _is_followed(histories[0]) and not _creates_tables(model):
        yield from _unmade([item for item in mapped if item.cls is not None], histories[0])


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


def _lacking(facts: Facts, item: Entity, history: AlembicHistory) -> Iterator[Drift]:
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
            yield _no_column(item, column, table, history)


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


def _no_column(
    item: Entity, column: Column, table: MigratedTable, history: AlembicHistory
) -> Drift:
    name = column.column
    called = f" (`{column.name}`)" if column.name != name else ""
    return Drift(
        column.path,
        s.Node(column.span),
        f"{item.name}.{column.name}",
        f"{item.name} maps the column `{name}`{called} of the table {table.name}, and no migration "
        "adds it.",
        f"On a migrated database every query of {item.name} names `{name}` and fails: no such "
        "column.",
        f'Run `alembic revision --autogenerate -m "add {table.name}.{name}"`, read what it writes '
        "and commit it.",
        (
            Related(table.path, table.line, f"{table.name} is created here"),
            Related(history.last, 1, "the last migration"),
        ),
    )


def _unmade(mapped: Sequence[Entity], history: AlembicHistory) -> Iterator[Drift]:
    """Mapped tables that no migration creates, where migrations create nearly all."""
    tables = {item.table for item in mapped}
    made = tables & history.tables.keys()
    if len(made) < 2 or len(made) < _SHARE_OF_TABLES * len(tables):
        return
    for item in mapped:
        table = item.table
        if table is None or table in made or not item.known or mentioned(table, history.sql):
            continue
        yield Drift(
            item.path,
            item.cls.node if item.cls is not None else s.Node(item.span),
            item.name,
            f"{item.name} maps the table {table}, and no migration creates it.",
            f"On a migrated database every query of {item.name} fails: no such table {table}.",
            f'Run `alembic revision --autogenerate -m "create {table}"`, read what it writes and '
            "commit it.",
            (Related(history.last, 1, "the last migration"),),
        )
