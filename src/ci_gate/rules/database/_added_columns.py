"""Columns that migrations add to tables that may have rows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import field
from typing import Final

from ci_gate.codemodel import ddl
from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.sqldrivers import Dialect
from ci_gate.data import dataclass
from ci_gate.regex import regex
from ci_gate.rules.base import Facts

#: SQL after which a table may be empty, or a type may bring a default of its own.
_EMPTIES: Final = regex(r"\b(?:delete\s+from|truncate|create\s+domain)\b", re.IGNORECASE)
#: A block whose statements stand under conditions.
_BLOCK: Final = regex(r"do\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Added:
    """A column that is added as NOT NULL and without a value for the rows that are there.

    ``remedy`` is what gives those rows a value, in the words of the tool that runs the migration.
    """

    table: str
    column: str
    path: str
    node: s.Node
    remedy: str


@dataclass(slots=True)
class Step:
    """What one migration does to tables, by their names in lower case.

    ``created`` gives the line that creates the table, ``renamed`` the new name of each old one.
    ``repeated`` are columns that are unique and get one value in all rows. ``gone``: dropped here.
    ``empties``: rows may be deleted here.
    """

    path: str
    created: dict[str, int] = field(default_factory=dict)
    renamed: dict[str, str] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    added: list[Added] = field(default_factory=list)
    repeated: list[Added] = field(default_factory=list)
    empties: bool = False

    def read_sql(self, text: str, first_line: int, dialect: Dialect, *, sure: bool = True) -> None:
        """What the statements of a text do, whose first line is ``first_line`` of the file.

        Args:
            sure: the text runs in any case.
        """
        self.empties = self.empties or _EMPTIES.search(text) is not None
        for piece in ddl.split(text):
            bare = ddl.without_opaque_start(piece.text)
            blank = len(piece.text) - len(piece.text.lstrip())
            start = first_line + piece.line - 2 - piece.text.count("\n", 0, blank)
            for change in ddl.changes(piece.text, dialect):
                self._apply(change, start, sure and _BLOCK.match(bare) is None)

    def _apply(self, change: ddl.Change, start: int, sure: bool) -> None:
        match change:
            case ddl.CreateTable(name=name, line=line):
                self.created.setdefault(plain(name), start + line)
            case ddl.RenameTable(old=old, new=new):
                self.renamed[plain(old)] = plain(new)
            case ddl.DropTable(name=name):
                self.gone.add(plain(name))
            case ddl.AddColumns(table=table, columns=columns) if sure:
                for item in columns:
                    if item.nullable is False and not item.filled and not item.primary_key:
                        node = at_line(start + item.line)
                        self.added.append(
                            Added(plain(table), item.name, self.path, node, "a DEFAULT")
                        )


@dataclass(frozen=True, slots=True)
class History:
    """Migrations in the order in which they run; ``last`` are the files that none comes after."""

    steps: Sequence[Step]
    last: frozenset[str]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a table is created."""

    path: str
    line: int


def refused(history: History) -> Iterator[tuple[Added, Place]]:
    """The columns without a value for the rows that are there, with where their table is made."""
    return _to_earlier(history, [step.added for step in history.steps])


def repeated(history: History) -> Iterator[tuple[Added, Place]]:
    """The unique columns with one value for all rows, with where their table is made."""
    return _to_earlier(history, [step.repeated for step in history.steps])


def is_to_run(facts: Facts, history: History, added: Added, made: Place) -> bool:
    """Has the migration not run yet, on databases that have the table?"""
    if facts.base is None:
        return added.path in history.last
    before = facts.base.model.tree
    return before.exists(made.path) and not before.exists(added.path)


def _to_earlier(
    history: History, columns: Sequence[Sequence[Added]]
) -> Iterator[tuple[Added, Place]]:
    """Those of ``columns``, by step, that are added to a table of an earlier migration."""
    known: dict[str, Place] = {}
    for step, found in zip(history.steps, columns, strict=True):
        if not step.empties:
            for added in found:
                if added.table in known and added.table not in {*step.created, *step.gone}:
                    yield added, known[added.table]
        for name in step.gone:
            known.pop(name, None)
        for name, line in step.created.items():
            known[name] = Place(step.path, line)
        for old, new in step.renamed.items():
            if old in known:
                known[new] = known.pop(old)


def plain(name: str) -> str:
    """A table's name without its schema, in lower case."""
    return name.rpartition(".")[2].strip('"`[]').lower()


def at_line(line: int) -> s.Node:
    return s.Node((line, 1, line, 1))
