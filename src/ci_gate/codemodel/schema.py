"""The tables that the database has: from entities, DDL text and migrations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.entities import ColumnType, Entities
from ci_gate.codemodel.model import CodeModel

Source = Literal["entity", "ddl", "migration"]


@dataclass(frozen=True, slots=True)
class SchemaColumn:
    """A column of a table; ``references`` is ``table.column`` of its foreign key."""

    name: str
    type: ColumnType | None
    path: str
    line: int
    nullable: bool | None = None
    references: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A table; ``complete`` is false where columns may exist that were not seen."""

    name: str
    path: str
    span: s.Span
    columns: Mapping[str, SchemaColumn]
    source: Source
    complete: bool = True


@dataclass(frozen=True, slots=True)
class Schema:
    """All tables by name. ``complete`` is false where tables may exist that were not seen
    (reflection, raw SQL files that do not parse, migrations with unknown operations): rules that
    say "no such table" are silent then."""

    tables: Mapping[str, Table] = field(default_factory=dict)
    complete: bool = False

    def names(self) -> Sequence[str]:
        return sorted(self.tables)


def build_schema(model: CodeModel, entities: Entities) -> Schema:
    """The schema of the whole tree."""
    del model, entities
    return Schema()
