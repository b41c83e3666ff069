from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import field
from typing import Any, Final

from ci_gate.codemodel.schema import Schema
from ci_gate.codemodel.sqlcalls import CHOOSES
from ci_gate.codemodel.sqldrivers import Dialect
from ci_gate.codemodel.sqllex import masked, opaque
from ci_gate.codemodel.sqlstatements import ReadCall, ReadVariant
from ci_gate.data import dataclass
from ci_gate.findings import Finding, Related
from ci_gate.regex import regex
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.query._dialects import (
    BROKEN,
    DATABASES,
    FOREIGN,
    IN_PROGRAM,
    SUSPICIOUS,
    Foreign,
)
from ci_gate.rules.query._own_functions import OwnFunctions
from ci_gate.rules.query._sql import Certain, at, calls, certain

_DDL: Final = regex(r"\b(?:create|alter)\s", re.IGNORECASE)
_ONE_AT_A_TIME: Final = frozenset({"execute", "executemany", "execute_fetchall", "execute_insert"})


@dataclass(frozen=True, slots=True)
class _Defect:
    key: str
    message: str = field(compare=False)
    fix: str = field(compare=False)
    offset: int | None = field(default=None, compare=False)
    length: int = field(default=1, compare=False)


class InvalidSql(Rule):
    """SQL text that the project's database cannot parse, or that uses what only another one has.

    PostgreSQL's `ILIKE`, `::`, `ANY()`, `NOW()` or `gen_random_uuid()` on SQLite; SQLite's
    `strftime()`, `datetime()`, `INSERT OR REPLACE` or `AUTOINCREMENT` on PostgreSQL; text that
    breaks off or holds a stray comma; several statements where the driver takes one; on PostgreSQL
    `SELECT DISTINCT` ordered by a column that it does not select, or a selected column that the
    statement neither groups by nor aggregates.

    ## Why is this bad?
    The database rejects the statement each time it runs. Code that was written with another
    database in mind looks right to every reader who has that one in mind.

    ## Fix
    Use the database's own function or operator.

    ## Silent on
    Projects with more than one database, branches and functions that are for one database,
    functions that the project defines itself or loads, text that only the parser behind this rule
    does not know: a syntax error is reported only where the text shows what is wrong.

    ## Source
    SQL language reference of SQLite and PostgreSQL.
    """

    id = "query/invalid-sql"
    group = "query"

    def check(self, facts: Facts) -> Iterable[Finding]:
        own = facts.once(OwnFunctions)
        seen: set[tuple[str, int, str]] = set()
        for read in calls(facts):
            dialect = read.call.dialect
            if dialect is None:
                continue
            found = certain(
                read.variants,
                lambda variant, read=read, dialect=dialect: list(  # type: ignore[misc]
                    _defects(own, facts.schema, read, variant, dialect)
                ),
                lambda variant, defect, read=read, dialect=dialect: any(  # type: ignore[misc]
                    item.key == defect.key
                    for item in _defects(own, facts.schema, read, variant, dialect)
                ),
            )
            for defect, sure in found.items():
                finding = self._finding(facts, read, defect, sure, dialect)
                key = (finding.path, finding.start.line, defect.key)
                if key not in seen:
                    seen.add(key)
                    yield finding

    def _finding(
        self, facts: Facts, read: ReadCall, defect: _Defect, sure: Certain, dialect: Dialect
    ) -> Finding:
        call = read.call
        place = facts.sql.place(sure.variant, defect.offset)
        related: list[Related] = []
        if place is not None and (place.path, place.line) != (call.path, call.node.line):
            related.append(Related(call.path, call.node.line, "the statement runs here"))
        condition = f" ({sure.condition})" if sure.condition else ""
        return self.finding(
            call.path if place is None else place.path,
            call.node if place is None else at(place, defect.length),
            message=f"{defect.message}{condition}.",
            why=f"{DATABASES[dialect]} rejects the statement each time it runs.",
            fix=defect.fix,
            subject=f"{call.function.name} {defect.key}",
            related=related,
        )


def _defects(
    own: OwnFunctions, schema: Schema, read: ReadCall, variant: ReadVariant, dialect: Dialect
) -> Iterator[_Defect]:
    call = read.call
    by_project = call.driver is None or call.driver.dialect is None
    if by_project and (
        CHOOSES.search(call.function.qualname)
        or any(CHOOSES.search(condition) for condition, _ in variant.variant.decisions)
    ):
        return
    text = variant.parsed.rendered.text
    found = list(_foreign(own, text, dialect))
    yield from found
    if not found:
        yield from _several(read, variant)
        yield from _broken(variant)
        if dialect == "postgres":
            yield from _ordered_by_dropped(variant)
            yield from _ungrouped(schema, variant)


# --- another database's SQL ----------------------------------------------------------------------


def _foreign(own: OwnFunctions, text: str, dialect: Dialect) -> Iterator[_Defect]:
    shown = masked(text)
    is_ddl = _DDL.search(shown) is not None
    for item in FOREIGN[dialect]:
        if item.ddl and not is_ddl:
            continue
        match = item.pattern.search(shown)
        if match is not None and not (item.function and own.defines(item.function)):
            yield _as_defect(item, match, match.start(1 if match.re.groups else 0), dialect)
    if dialect == "postgres":
        ticked = next((start for start, _ in opaque(text) if text[start] == "`"), None)
        if ticked is not None:
            yield _Defect(
                "backtick", "PostgreSQL does not know names in backticks",
                'Write the name bare, or in double quotes: `"name"`.', ticked,
            )  # fmt: skip


def _as_defect(item: Foreign, match: re.Match[str], start: int, dialect: Dialect) -> _Defect:
    what = "has no" if item.function is not None else "does not know"
    shown = f"`{item.shown}`" if not item.shown.startswith("the ") else item.shown
    return _Defect(
        item.shown,
        f"{DATABASES[dialect]} {what} {shown}",
        f"Use {item.instead}." if item.instead != IN_PROGRAM else f"{IN_PROGRAM}.",
        start,
        len(match[0].rstrip("( ")) if item.function else 2,
    )


# --- several statements --------------------------------------------------------------------------


def _several(read: ReadCall, variant: ReadVariant) -> Iterator[_Defect]:
    call, parsed = read.call, variant.parsed
    if call.driver is None or len(parsed.statements) < 2 or parsed.holes:
        return
    if any(type(item).__name__ in ("Command", "EndStatement") for item in parsed.statements):
        return
    count = len(parsed.statements)
    if call.driver.dialect == "sqlite" and call.method in _ONE_AT_A_TIME:
        yield _Defect(
            "several",
            f"`{call.method}()` of {call.driver.name} runs one statement, and the text has {count}",
            "Use `executescript()`.",
        )
    elif call.driver.name == "asyncpg" and (
        variant.variant.values.fixed or call.method not in ("execute",)
    ):
        yield _Defect(
            "several",
            f"asyncpg prepares a text with values as one statement, and this one has {count}",
            "Run the statements one by one.",
        )


# --- what one part of a statement takes away from another ---------------------------------------


def _ordered_by_dropped(variant: ReadVariant) -> Iterator[_Defect]:
    """``SELECT DISTINCT name … ORDER BY created_at``: rows that were made one have no single
    ``created_at`` left."""
    parsed = variant.parsed
    if parsed.holes or parsed.error is not None or len(parsed.statements) != 1:
        return
    select = parsed.statements[0]
    distinct, order = select.args.get("distinct"), select.args.get("order")
    if type(select).__name__ != "Select" or not distinct or not order or distinct.args.get("on"):
        return
    if any(item.is_star for item in select.expressions):
        return
    kept = [item.unalias() for item in select.expressions]
    names = {item.alias_or_name.lower() for item in select.expressions}
    for ordered in order.expressions:
        column = ordered.this
        if type(column).__name__ != "Column" or (not column.table and column.name.lower() in names):
            continue
        if not any(_is_same_column(column, item) for item in kept):
            text = parsed.rendered.text
            shown = column.sql()
            yield _Defect(
                "distinct",
                f"`SELECT DISTINCT` is ordered by `{shown}`, which is not among what it selects",
                f"Select `{shown}` too, or group by what is selected and order by an aggregate"
                f" (`max({shown})`).",
                max(text.lower().rfind("order by"), 0),
                8,
            )
            return


def _ungrouped(schema: Schema, variant: ReadVariant) -> Iterator[_Defect]:
    """``SELECT t.id, t.name, count(*) … GROUP BY t.name``: a group has no single ``t.id``, unless
    it has the primary key of ``t``."""
    parsed = variant.parsed
    if parsed.holes or parsed.error is not None or len(parsed.statements) != 1:
        return
    select = parsed.statements[0]
    grouping = select.args.get("group")
    if type(select).__name__ != "Select" or grouping is None or len(grouping.args) != 1:
        return
    grouped = grouping.expressions
    if not grouped or any(type(item).__name__ != "Column" for item in grouped):
        return
    tables = _tables(select)
    if tables is None:
        return
    for item in select.expressions:
        column = item.unalias()
        if type(column).__name__ != "Column" or column.is_star:
            continue
        names = {column.name.lower(), item.alias_or_name.lower()}
        if any(_is_same_column(column, other) or other.name.lower() in names for other in grouped):
            continue
        table = schema.table(tables.get(column.table.lower(), ""))
        if table is None or column.name.lower() not in table.columns:
            continue
        keys = {name for name, known in table.columns.items() if known.primary_key}
        same = {
            other.name.lower() for other in grouped if other.table.lower() == column.table.lower()
        }
        if not keys or keys <= same or any(not other.table for other in grouped):
            continue
        shown = column.sql()
        yield _Defect(
            "ungrouped",
            f"`{shown}` is selected, and the statement groups by other columns than it",
            f"Add `{shown}` to `GROUP BY`, group by the primary key, or aggregate it.",
            max(parsed.rendered.text.lower().rfind("group by"), 0),
            8,
        )
        return


def _tables(select: Any) -> dict[str, str] | None:
    """The tables of a statement by the names they have in it; None where it reads from more than
    tables."""
    source = select.args.get("from_") or select.args.get("from")
    if source is None:
        return None
    parts: list[Any] = [source.this]
    parts += [item.this for item in select.args.get("joins") or ()]
    if select.args.get("with_") or select.args.get("with"):
        return None
    if any(type(item).__name__ != "Table" for item in parts):
        return None
    return {item.alias_or_name.lower(): item.name for item in parts}


def _is_same_column(column: Any, other: Any) -> bool:
    if type(other).__name__ != "Column" or other.name.lower() != column.name.lower():
        return False
    return not column.table or not other.table or column.table.lower() == other.table.lower()


# --- syntax errors -------------------------------------------------------------------------------


def _broken(variant: ReadVariant) -> Iterator[_Defect]:
    parsed = variant.parsed
    if parsed.holes:
        return
    failed = parsed.error is not None and parsed.error.kind == "syntax"
    text = masked(parsed.rendered.text)
    for pattern, what in (*BROKEN, *(SUSPICIOUS if failed else ())):
        match = pattern.search(text)
        if match is not None:
            yield _Defect(
                what, f"The SQL does not parse: {what}", "Correct the text.", match.start()
            )
            return
    missing = text.count("(") - text.count(")")
    if missing and failed:
        side = "closing" if missing > 0 else "opening"
        yield _Defect(
            "parentheses", f"The SQL does not parse: {abs(missing)} {side} parenthesis is missing",
            f"Add the {side} parenthesis.",
        )  # fmt: skip
