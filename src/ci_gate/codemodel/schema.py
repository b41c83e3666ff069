"""The tables that the database has: from entities, DDL text and migrations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import Literal

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.entities import ColumnType, Entities
from ci_gate.codemodel.model import CodeModel
from ci_gate.data import dataclass

Source = Literal["entity", "ddl", "migration"]


@dataclass(frozen=True, slots=True)
class SchemaColumn:
    """A column of a table; ``references`` is ``table.column`` of its foreign key.

    ``exact``: the database keeps the name's case (it was quoted, or an ORM made it). ``required``:
    DDL says that it is not null and gives it no value of its own.
    """

    name: str
    type: ColumnType | None
    path: str
    line: int
    nullable: bool | None = None
    references: str | None = None
    primary_key: bool = False
    exact: bool = False
    required: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table; ``complete`` is false where columns may exist that were not seen."""

    name: str
    path: str
    span: s.Span
    columns: Mapping[str, SchemaColumn]
    source: Source
    complete: bool = True

    def column(self, name: str) -> SchemaColumn | None:
        """The column of that name, whatever its case."""
        found = self.columns.get(name)
        if found is None:
            wanted = name.lower()
            for column in self.columns.values():
                if column.name.lower() == wanted:
                    return column
        return found


@dataclass(frozen=True, slots=True)
class Schema:
    """All tables by name. ``complete`` is false where tables may exist that were not seen
    (reflection, raw SQL files that do not parse, migrations with unknown operations): rules that
    say "no such table" are silent then."""

    tables: Mapping[str, Table] = field(default_factory=dict)
    complete: bool = False

    def names(self) -> Sequence[str]:
        return sorted(self.tables)

    def table(self, name: str) -> Table | None:
        """The table of that name, whatever its case, with or without the default schema's name."""
        return self.tables.get(name) or self.tables.get(key_of(name))


#: Schemas whose tables need no qualification.
_DEFAULT_SCHEMAS = frozenset({"public", "main", "dbo"})


def key_of(name: str) -> str:
    """A table's name as the schema's key."""
    schema, dot, bare = name.lower().rpartition(".")
    return bare if not dot or schema in _DEFAULT_SCHEMAS else f"{schema}.{bare}"


def build_schema(model: CodeModel, entities: Entities) -> Schema:
    """The schema of the whole tree."""
    from ci_gate.codemodel.schemabuilder import SchemaBuilder  # noqa: PLC0415  a cycle of modules

    builder = SchemaBuilder()
    builder.add_entities(entities)
    builder.add_sources(model)
    return builder.schema()
