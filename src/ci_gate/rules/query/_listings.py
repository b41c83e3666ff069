"""SQL text that lists a table: which one, and whether anything bounds it."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from ci_gate.codemodel.dataflow.domain import HOLE, Statement
from ci_gate.codemodel.dataflow.events import Ran, Run
from ci_gate.codemodel.nodedrivers import DRIVERS as NODE_DRIVERS
from ci_gate.codemodel.schema import Schema, Table
from ci_gate.codemodel.sql import HOLE as NAME
from ci_gate.codemodel.sql import parse
from ci_gate.codemodel.sqldrivers import DRIVERS
from ci_gate.codemodel.sqlsyntax import exp
from ci_gate.codemodel.sqltext import Hole, Str, Text
from ci_gate.data import dataclass
from ci_gate.regex import regex
from ci_gate.rules.query._names import singular

_KEYS: Final = regex(
    r"^(?:(?:.+_)?(?:id|ids|uuid|guid|key|slug|token|hash|code)|email|username)$", re.IGNORECASE
)
_PAGING: Final = frozenset({
    "limit", "offset", "page", "per_page", "page_size", "size", "pagesize", "skip", "take",
    "cursor", "after", "before", "perpage", "pagenumber", "page_number",
})  # fmt: skip
_PAGED: Final = regex(r"\b(?:limit|offset|fetch\s+(?:first|next)|top)\b", re.IGNORECASE)
_NUMBERED: Final = regex(rf"\$(?={HOLE})")


#: Endpoints that are there for all of the rows.
_WHOLE: Final = regex(
    r"export|download|csv|sitemap|feed\.|rss|atom|sync|report|stat|metric|analytic|dashboard|all\b"
    r"|dropdown|select|option|tree|backup|import",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Listing:
    """A SELECT of a table's rows. ``bounded``: they belong to one parent, or are looked up.
    ``looked_up``: they are looked up by a key of their own, or it cannot be told."""

    table: str
    limited: bool
    bounded: bool
    looked_up: bool


def is_paging(parameter: str) -> bool:
    """Does a query parameter of that name ask for a part of a list?"""
    return parameter.lower().replace("-", "_") in _PAGING


def is_key(column: str) -> bool:
    """Does a column's name say that it tells rows apart, or ties them to a parent?"""
    return _KEYS.match(column) is not None or column.endswith(("Id", "ID", "Ids"))


def is_listed(run: Run, statement: Statement, name: str) -> bool:
    """Does the endpoint answer with the rows, and do its words say that they are what it is for?"""
    if statement.node not in run.responded or run.route is None or _WHOLE.search(run.route.path):
        return False
    return _is_named(run, name)


def is_spoken_of(run: Run, statement: Statement, name: str) -> bool:
    """Does the endpoint answer with the rows, or does its path name them?"""
    path = run.route.path if run.route is not None else ""
    words = [singular(part) for part in path.split("/") if part and part[0] not in "{:"]
    return statement.node in run.answered or any(
        len(word) > 2 and word in name.casefold() for word in words
    )


def _is_named(run: Run, name: str) -> bool:
    """Is the endpoint's path about the entity?"""
    path = run.route.path if run.route is not None else ""
    words = [singular(part) for part in path.split("/") if part and part[0] not in "{:"]
    return any(len(word) > 2 and singular(name).endswith(word) for word in words)


def main_lists(run: Run) -> list[Ran]:
    """The lists without a limit of a run that asks for one; what the endpoint is about first."""
    found = [event for event in run.events if isinstance(event, Ran) and _is_open(event)]
    return sorted(found, key=lambda event: not _is_about(run, event))


def _is_about(run: Run, event: Ran) -> bool:
    entity = event.statement.entity() if event.statement is not None else None
    return entity is not None and _is_named(run, entity.name)


def _is_open(event: Ran) -> bool:
    statement = event.statement
    return (
        statement is not None
        and event.how == "many"
        and statement.kind == "select"
        and not (statement.limited or statement.opaque or statement.grouped)
    )


def lists_all(run: Run) -> bool:
    """Does the run load a list without a limit, by a statement or text that is understood?"""
    texts = [
        text
        for event in run.events
        if isinstance(event, Ran) and event.statement is None and event.how == "many"
        for text in event.texts
    ]
    return bool(main_lists(run)) or any(not is_paged(text) for text in texts)


def is_paged(text: str) -> bool:
    """The text has a limit somewhere, if only in a sub-query."""
    return _PAGED.search(text) is not None


@lru_cache(maxsize=4096)
def _select(text: str, driver: str) -> exp.Select | None:
    pieces: list[Str | Hole] = []
    for index, part in enumerate(_NUMBERED.sub("", text).split(HOLE)):
        if index:
            pieces.append(Hole(None))
        pieces.append(Str(part))
    known = DRIVERS.get(driver) or NODE_DRIVERS.get(driver)
    parsed = parse(Text(tuple(pieces)), known, known.dialect if known is not None else None)
    statement = parsed.statements[0] if len(parsed.statements) == 1 else None
    if not isinstance(statement, exp.Select):
        return None
    from sqlglot.errors import SqlglotError  # noqa: PLC0415  loaded with the statement

    try:
        written = statement.sql()
    except (SqlglotError, RecursionError, ValueError):
        return None
    whole = all(f"{NAME}{number}" in written for number in range(len(pieces) // 2))
    return statement if whole else None


def listing(text: str, driver: str, schema: Schema) -> Listing | None:
    """What the text lists; None for aggregates, groups, unions and what cannot be read."""
    select = _select(text, driver)
    if select is None or select.args.get("with_") or select.args.get("with"):
        return None
    if any(select.args.get(name) for name in ("group", "having", "distinct")):
        return None
    if not _is_whole(select):
        return None
    source = select.args.get("from_") or select.args.get("from")
    table = source.this if isinstance(source, exp.From) else None
    if not isinstance(table, exp.Table) or not table.name or NAME in table.sql():
        return None
    limited = any(select.args.get(name) for name in ("limit", "offset", "fetch"))
    where = select.args.get("where")
    parts = _conjuncts(where.this) if isinstance(where, exp.Where) else []
    bounded = any(_ties(part, schema) for part in parts)
    looked_up = any(_looks_up(part, table, select, schema) for part in parts)
    return Listing(table.name.lower(), limited, bounded, looked_up)


def _is_whole(select: exp.Select) -> bool:
    """Whole rows are asked for: all columns, or several of them."""
    columns = 0
    for item in select.expressions:
        plain = item.unalias()
        if isinstance(plain, exp.Star) or (isinstance(plain, exp.Column) and plain.name == "*"):
            columns += 3
        elif isinstance(plain, exp.Column):
            columns += 1
        elif isinstance(plain, exp.AggFunc):
            return False
    return columns >= 3


def _conjuncts(condition: exp.Expr) -> list[exp.Expr]:
    """The parts of a condition that all must hold."""
    parts = list(condition.flatten()) if isinstance(condition, exp.And) else [condition]
    return [part.unnest() for part in parts]


def _looks_up(part: exp.Expr, table: exp.Table, select: exp.Select, schema: Schema) -> bool:
    """The part names single rows of the table itself, or cannot be read."""
    if NAME in part.sql():
        return True
    if isinstance(part, exp.And):
        return any(_looks_up(item.unnest(), table, select, schema) for item in part.flatten())
    if isinstance(part, exp.Or):
        return all(_looks_up(item.unnest(), table, select, schema) for item in part.flatten())
    if isinstance(part, exp.In) and part.args.get("query") is not None:
        return False
    if not isinstance(part, exp.EQ | exp.In):
        return not isinstance(part, exp.Predicate | exp.Not | exp.Boolean | exp.Column)
    known = schema.table(table.name)
    several = bool(select.args.get("joins"))
    for side in (part.this, part.args.get("expression")):
        if not isinstance(side, exp.Column):
            continue
        own = side.table == table.alias_or_name if side.table else not several
        if (own and _is_own_key(side.name, known)) or (not side.table and several):
            return True
    return False


def _is_own_key(name: str, table: Table | None) -> bool:
    """The column tells a row of the table from all others, as far as can be seen."""
    column = table.column(name) if table is not None else None
    if table is None or column is None:
        return True
    if column.primary_key:
        return sum(item.primary_key for item in table.columns.values()) == 1
    return column.references is None and _KEYS.match(name) is not None


def _ties(part: exp.Expr, schema: Schema) -> bool:
    """The part ties the rows to a key, or cannot be read."""
    if NAME in part.sql():
        return True
    if isinstance(part, exp.Exists):
        return False
    if isinstance(part, exp.And):
        return any(_ties(item.unnest(), schema) for item in part.flatten())
    if isinstance(part, exp.Or):
        return all(_ties(item.unnest(), schema) for item in part.flatten())
    if isinstance(part, exp.In) and part.args.get("query") is not None:
        return False
    if isinstance(part, exp.EQ | exp.In):
        sides = [part.this, part.args.get("expression")]
        return any(isinstance(side, exp.Column) and _is_key(side, schema) for side in sides)
    return not isinstance(part, exp.Predicate | exp.Not | exp.Boolean | exp.Column)


def _is_key(column: exp.Column, schema: Schema) -> bool:
    if _KEYS.match(column.name):
        return True
    for name in schema.names():
        table = schema.table(name)
        found = table.column(column.name) if table is not None else None
        if found is not None and (found.primary_key or found.references is not None):
            return True
    return False
