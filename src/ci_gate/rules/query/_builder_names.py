"""Query builders of Node: tables and columns that a chain names and the schema does not have."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.builders.facts import Source, Statement, Use
from ci_gate.codemodel.builders.kyselytypes import typed_tables
from ci_gate.codemodel.schema import SchemaColumn, Table, key_of
from ci_gate.findings import Related
from ci_gate.regex import regex
from ci_gate.rules._defects import Defect
from ci_gate.rules._places import spot
from ci_gate.rules.base import Facts
from ci_gate.rules.query._names import SYSTEM_COLUMNS, SYSTEM_TABLES, WORDS
from ci_gate.rules.query._sql import near

_KNOWN_PER_MISSING: Final = 3
_MAX_NAMES: Final = 8
_REJECTED: Final = "The database rejects the statement each time it runs."
#: What turns names in the program into other names in the database.
_MAPPERS: Final = regex(
    r"wrapIdentifier|SnakeCaseMappers|snakeCaseMappers|CamelCasePlugin|knex-stringcase"
)
_LIBRARIES: Final = frozenset({"knex", "kysely"})
_FILES: Final = regex(r"(?:^|/)(?:knexfile|[\w.-]*(?:knex|kysely|database|db)[\w.-]*)\.[cm]?[jt]s$")


class BuilderNames:
    """The names that statements of one program use, against its schema."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts

    @cached_property
    def statements(self) -> list[Statement]:
        return [item for item in self.facts.builders.statements if item.library in _LIBRARIES]

    @cached_property
    def _maps_names(self) -> bool:
        model = self.facts.model
        users = {
            edge.source
            for edge in model.import_edges
            if edge.package in ("knex", "kysely", "objection", "kysely-codegen")
        }
        for path in model.modules:
            if path in users or _FILES.search(path):
                try:
                    if _MAPPERS.search(model.tree.text(path)):
                        return True
                except (OSError, UnicodeError):
                    return True
        return False

    # --- what the schema has ---

    @cached_property
    def _typed(self) -> dict[str, Table]:
        if "kysely" not in self.facts.builders.libraries:
            return {}
        return typed_tables(self.facts.model)

    def table(self, source: Source) -> Table | None:
        if source.table is None:
            return None
        schema = self.facts.schema
        found = schema.table(source.table) or schema.table(source.table.rpartition(".")[2])
        if found is None:
            found = self._typed.get(source.table)
        if found is None and self._maps_names:
            wanted = _squeezed(source.table)
            found = next((t for t in schema.tables.values() if _squeezed(t.name) == wanted), None)
        return found

    def column(self, table: Table, name: str) -> SchemaColumn | None:
        found = table.column(name)
        if found is None and self._maps_names:
            wanted = _squeezed(name)
            found = next((c for c in table.columns.values() if _squeezed(c.name) == wanted), None)
        return found

    # --- tables ---

    def unknown_tables(self) -> Iterator[Defect]:
        schema = self.facts.schema
        if not self.statements or not schema.complete:
            return
        named = {
            (source.table, self._is_missing(source))
            for statement in self.statements
            for source in statement.sources
            if source.table is not None
        }
        missing = {table for table, gone in named if gone and self._alike(table) is None}
        known = {table for table, _ in named} - missing
        if len(known) < len(missing) * _KNOWN_PER_MISSING:
            return
        seen: set[s.Node] = set()
        for statement in self.statements:
            for source in statement.sources:
                name = source.table
                if name is not None and source.node not in seen and self._is_missing(source):
                    seen.add(source.node)
                    yield self._no_table(statement, source, name)

    def _is_missing(self, source: Source) -> bool:
        name = source.table
        if name is None or "." in key_of(name) or SYSTEM_TABLES.match(name):
            return False
        return self.table(source) is None

    def _alike(self, name: str) -> Table | None:
        tables = self.facts.schema.tables
        found = near(key_of(name), tables, cutoff=0.82)
        if found is None:
            squeezed = {_squeezed(key): key for key in tables}
            found = squeezed.get(_squeezed(name))
        return tables[found] if found is not None else None

    def _no_table(self, statement: Statement, source: Source, name: str) -> Defect:
        message = f"No migration, DDL or entity of the project creates a table `{name}`"
        related: tuple[Related, ...] = ()
        fix = f"Create `{name}` in a migration."
        alike = self._alike(name)
        if alike is not None:
            message += f"; there is `{alike.name}`"
            defined = f"`{alike.name}` is created here"
            related = (Related(alike.path, alike.span[0], defined),)
            fix = f"If `{alike.name}` is meant, write that; else create `{name}` in a migration."
        return Defect(statement.path, spot(source.node), f"{message}.", _REJECTED, fix,
                      f"{statement.function.name} {name}", related)  # fmt: skip

    # --- columns ---

    def unknown_columns(self) -> Iterator[Defect]:
        seen: set[s.Node] = set()
        for statement in self.statements:
            for use in statement.uses:
                if use.node in seen:
                    continue
                defect = self._column_defect(statement, use)
                if defect is not None:
                    seen.add(use.node)
                    yield defect

    def _column_defect(self, statement: Statement, use: Use) -> Defect | None:
        name = use.name.lower()
        if name in SYSTEM_COLUMNS:
            return None
        if use.qualifier:
            source = statement.named(use.qualifier)
            if source is None:
                return self._no_source(statement, use)
            table = self.table(source)
            if table is None or not table.complete or self.column(table, use.name) is not None:
                return None
            return self._no_column(statement, use, [table], source)
        if statement.open or not statement.sources or name in WORDS:
            return None
        if use.sorts and (statement.hidden or name in {r.lower() for r in statement.results}):
            return None
        sources = statement.sources[:1] if use.writes else statement.sources
        tables: list[Table] = []
        for source in sources:
            table = self.table(source)
            if table is None or not table.complete or self.column(table, use.name) is not None:
                return None
            tables.append(table)
        return self._no_column(statement, use, tables, None)

    def _no_source(self, statement: Statement, use: Use) -> Defect | None:
        """``users.email`` where nothing in the statement is called ``users``."""
        if statement.open or not statement.sources:
            return None
        tables = [item.table for item in statement.sources]
        if None in tables or statement.kind == "insert":
            return None
        renamed = next(
            (
                item
                for item in statement.sources
                if item.table is not None and item.table.lower() == use.qualifier.lower()
            ),
            None,
        )
        table = self.facts.schema.table(use.qualifier)
        if renamed is not None:
            message = f"`{use.written}`: `{use.qualifier}` goes by its alias `{renamed.name}` here."
            fix = f"Write `{renamed.name}.{use.name}`."
        else:
            if table is None:
                # in PostgreSQL it may be a schema, in JSON columns a path
                return None
            names = ", ".join(f"`{item.name}`" for item in statement.sources)
            message = (
                f"`{use.written}`: the statement does not read `{use.qualifier}`; it reads {names}."
            )
            fix = f"Join `{table.name}`."
        return Defect(use.path, spot(use.node), message, _REJECTED, fix,
                      f"{statement.function.name} {use.written}",
                      self._runs(statement, use))  # fmt: skip

    def _no_column(
        self, statement: Statement, use: Use, tables: list[Table], source: Source | None
    ) -> Defect:
        table = tables[0]
        columns = [column.name for item in tables for column in item.columns.values()]
        alike = near(use.name, columns)
        prefix = f"{use.qualifier}." if use.qualifier else ""
        if source is not None and source.name.lower() != table.name.lower():
            message = f"`{table.name}` is read as `{source.name}` and has no column `{use.name}`"
        elif len(tables) > 1:
            names = ", ".join(f"`{item.name}`" for item in tables)
            message = f"None of the tables of the statement ({names}) has a column `{use.name}`"
        else:
            message = f"Table `{table.name}` has no column `{use.name}`"
        if alike is not None:
            message += f"; there is `{alike}`"
            fix = f"If `{alike}` is meant, write `{prefix}{alike}`."
        else:
            names = ", ".join(f"`{name}`" for name in columns[:_MAX_NAMES])
            fix = f"Use one of the columns ({names}), or add it in a migration."
        defined = tuple(
            Related(item.path, item.span[0], f"`{item.name}` is created here")
            for item in tables[:3]
        )
        return Defect(use.path, spot(use.node), f"{message}.", _REJECTED, fix,
                      f"{statement.function.name} {use.written}",
                      (*defined, *self._runs(statement, use)))  # fmt: skip

    def _runs(self, statement: Statement, use: Use) -> tuple[Related, ...]:
        if use.path == statement.path and abs(use.node.line - statement.call.line) < 20:
            return ()
        return (Related(statement.path, statement.call.line, "the statement is built here"),)


def _squeezed(name: str) -> str:
    return name.rpartition(".")[2].replace("_", "").lower()
