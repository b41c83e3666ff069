from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from ci_gate.codemodel.sql import HOLE
from ci_gate.codemodel.sqlstatements import ReadCall, ReadVariant
from ci_gate.codemodel.sqlsyntax import exp
from ci_gate.codemodel.sqltext import Place
from ci_gate.data import dataclass
from ci_gate.findings import Finding, Related
from ci_gate.regex import regex
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.query._sql import Certain, at, calls, certain

_DIALECTS: Final = frozenset({"postgres", "sqlite"})
#: What may give a row its values behind the statement's back, or change what a column asks for.
_BEHIND: Final = regex(r"\bcreate\s+(?:or\s+replace\s+)?(?:\w+\s+){0,2}?(?:trigger|rule)\b")
_ALTERED: Final = regex(r"\balter\s+table\b[^;]*?\balter\b")


@dataclass(frozen=True, slots=True)
class _LeftOut:
    """An INSERT into ``table`` without ``names``; ``defined`` is where the first one is."""

    place: Place
    table: str
    names: tuple[str, ...]
    defined: tuple[str, int]


class LeftOutColumn(Rule):
    """An INSERT leaves out a column that is NOT NULL and has no default.

    `INSERT INTO posts (title) VALUES ($1)`, and the table's DDL has `author_id INTEGER NOT NULL`.

    ## Why is this bad?
    The database refuses the row each time: "NOT NULL constraint failed", "null value in column
    violates not-null constraint". Every request that comes this way ends in a server error, and
    `INSERT OR IGNORE` stores nothing and says nothing.

    ## Fix
    Give the column a value in the statement, or a DEFAULT in the table.

    ## Silent on
    Statements whose columns are not all written out, tables that are not known in full or that an
    ORM makes, primary keys, generated columns and those with a default, a table of which another
    definition asks for less, projects with triggers or with `ALTER TABLE … ALTER`, MySQL (whose
    modes differ).

    ## Source
    SQLite, "CREATE TABLE": NOT NULL constraints; PostgreSQL error 23502 (not_null_violation).
    """

    id = "query/left-out-column"
    group = "query"

    def check(self, facts: Facts) -> Iterable[Finding]:
        seen: set[Place] = set()
        sure_of_tables: bool | None = None
        for read in calls(facts):
            if read.call.dialect not in _DIALECTS:
                continue
            found = certain(
                read.variants,
                lambda variant: list(_left_out(facts, variant)),
            )
            for defect, sure in found.items():
                if defect.place in seen:
                    continue
                if sure_of_tables is None:
                    sure_of_tables = not _filled_otherwise(facts)
                if sure_of_tables:
                    seen.add(defect.place)
                    yield self._finding(read, defect, sure)

    def _finding(self, read: ReadCall, defect: _LeftOut, sure: Certain) -> Finding:
        names = ", ".join(f"`{name}`" for name in defect.names)
        condition = f" ({sure.condition})" if sure.condition else ""
        are = "are" if len(defect.names) > 1 else "is"
        related = [Related(*defect.defined, f"`{defect.names[0]}` is defined here")]
        call = read.call
        if (defect.place.path, defect.place.line) != (call.path, call.node.line):
            related.append(Related(call.path, call.node.line, "the statement runs here"))
        return self.finding(
            defect.place.path,
            at(defect.place),
            message=(
                f"The INSERT into `{defect.table}` leaves out {names}, which {are} NOT NULL and "
                f"{'have' if len(defect.names) > 1 else 'has'} no default{condition}."
            ),
            why="The database refuses the row each time the statement runs.",
            fix=f"Give {names} a value in the statement, or a DEFAULT in the table.",
            subject=f"{call.function.name} {defect.table} {' '.join(defect.names)}",
            related=related,
        )


def _left_out(facts: Facts, variant: ReadVariant) -> Iterator[_LeftOut]:
    for analysis in variant.analyses:
        statement = analysis.statement
        if not isinstance(statement, exp.Insert) or not isinstance(statement.this, exp.Schema):
            continue
        written = [item.name for item in statement.this.expressions]
        target = statement.this.this
        if not isinstance(target, exp.Table) or target.args.get("db") is not None:
            continue
        table = facts.schema.table(target.name)
        if (
            table is None
            or not table.complete
            or table.source != "ddl"
            or not written
            or any(not name or HOLE in name for name in (*written, target.name))
        ):
            continue
        given = {name.lower() for name in written}
        missing = [
            column
            for column in table.columns.values()
            if column.required and column.name.lower() not in given
        ]
        place = facts.sql.place(variant, variant.parsed.offset_of(target))
        if missing and place is not None:
            first = missing[0]
            names = tuple(column.name for column in missing)
            yield _LeftOut(place, table.name, names, (first.path, first.line))


def _filled_otherwise(facts: Facts) -> bool:
    """May something else give the columns their values, or have made them optional?"""
    tree = facts.model.tree
    paths = {*facts.model.modules, *(path for path in tree.files if path.endswith(".sql"))}
    for path in sorted(paths):
        try:
            text = tree.text(path).lower()
        except (OSError, UnicodeError):
            return True
        if ("create" in text and _BEHIND.search(text)) or (
            "alter" in text and _ALTERED.search(text)
        ):
            return True
    return False
