from __future__ import annotations

from collections.abc import Iterable

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dataflow.events import RowUsed, Run
from ci_gate.findings import Finding, Related
from ci_gate.rules._caught import is_expected
from ci_gate.rules._places import entry, spot
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.orm._node_results import Results

_ROWS = {
    "tuple": "a plain tuple",
    "record": "an asyncpg.Record",
    "sqlite-row": "a sqlite3.Row",
    "dict": "a dict",
}


class RowAsMapping(Rule):
    """A driver's row or result is used as something that it is not.

    asyncpg hands out records, sqlite3 and psycopg tuples (or `sqlite3.Row`): none of them takes an
    assignment, none of them has its columns as attributes, and a tuple has no keys. In Node a row
    is no list and a list of rows no row: `get()` and `all()` of better-sqlite3, `node:sqlite` and
    `sqlite`; pg gives a result with `rows`, mysql2 a pair of rows and columns.

    ## Why is this bad?
    The line raises `TypeError` or `AttributeError` on the first row, and the endpoint answers 500.
    An endpoint whose test finds no rows never gets there. In Node a property that is not there is
    undefined: nothing is found, ever.

    ## Fix
    Make a dict of the row first (`dict(row)`), read columns with `row["name"]`, or ask the driver
    for the rows that the code wants (`connection.row_factory = sqlite3.Row`, psycopg:
    `row_factory=dict_row`). In Node: `all()` for a list, `get()` for one row,
    `const { rows } = await pool.query(…)` with pg, `const [rows] = …` with mysql2.

    ## Silent on
    Connections with a row factory or record class that is not known, rows that may be something
    else, uses under a handler for the error or after a test of the type. In Node: programs that
    have rows in another form (`pluck`, `raw`, `expand`), properties that are set or only looked
    for.

    ## Source
    asyncpg, "Record Objects"; Python, `sqlite3.Row`; psycopg, "Row factories";
    better-sqlite3, "API"; node-postgres, "Result"; mysql2, "Using Promise Wrapper".
    """

    id = "orm/row-as-mapping"
    group = "orm"
    follows = True
    languages = ("python", "javascript", "typescript")

    def check(self, facts: Facts) -> Iterable[Finding]:
        for defect in Results(facts).misread():
            yield defect.finding(self)
        seen: set[s.Node] = set()
        alike: dict[tuple[object, ...], list[tuple[Run, RowUsed]]] = {}
        for run, event in facts.flows.events():
            if not isinstance(event, RowUsed) or event.place.node in seen:
                continue
            seen.add(event.place.node)
            if not is_expected(event.place):
                row, origin = event.row, event.row.origin
                key: tuple[object, ...] = (event.place.path, row.driver, row.kind, event.how)
                if row.kind == "tuple" and origin is not None:
                    key = (origin,)
                alike.setdefault(key, []).append((run, event))
        for found in alike.values():
            yield self._found(facts, found)

    def _found(self, facts: Facts, found: list[tuple[Run, RowUsed]]) -> Finding:
        """One finding for all uses of one kind: of one connection's rows, else in one file."""
        found.sort(key=lambda item: (item[1].place.path, item[1].place.node.span))
        run, event = found[0]
        message, why, fix = _texts(event)
        others = len(found) - 1
        more = f" (and {others} more {'place' if others == 1 else 'places'})"
        related = []
        origin = event.row.origin
        if origin is not None and origin in facts.flows.homes:
            where = "what gives such rows"
            related.append(Related(facts.flows.homes[origin], origin.line, where))
        for node, function in event.place.calls[-2:]:
            related.append(Related(function.module.path, node.line, "called from here"))
        return self.finding(
            event.place.path,
            spot(event.place.node),
            message=message + (more if others else ""),
            why=f"{why}: {entry(run)} fails as soon as there is a row.",
            fix=fix,
            subject=f"{event.row.driver}:{event.how}:{event.name or ''}",
            related=related,
        )


def _texts(event: RowUsed) -> tuple[str, str, str]:
    row = _ROWS[event.row.kind]
    driver, name = event.row.driver, event.name
    if event.how == "set":
        return (
            f"The row is {row}, and the line assigns to {_key(name)}",
            "Rows are read-only, and the assignment raises TypeError",
            "Make a dict of it first: row = dict(row).",
        )
    if event.how == "attribute":
        instead = f'row["{name}"]'
        if event.row.kind == "tuple":
            instead = "the column's position, or ask the driver for rows with names"
        elif event.row.kind == "sqlite-row" and name in ("get", "items", "values", "pop"):
            instead = "dict(row) first"
        return (
            f"The row is {row}, which has no attribute {name}",
            f"{row[0].upper()}{row[1:]} does not give its columns as attributes, and the line"
            " raises AttributeError",
            f"Use {instead}.",
        )
    if event.how == "index":
        return (
            f"The row is {row}, and the line reads position {name}",
            "The rows are asked for as dicts, and a position is no key of theirs: KeyError",
            "Read the column by its name.",
        )
    if event.how == "dict":
        return (
            f"The row is {row}, and dict() cannot be made of it",
            f"{driver} hands out tuples unless a row factory is set, and dict() of a tuple of"
            " values raises an error",
            _factory(driver),
        )
    return (
        f"The row is {row}, and the line reads it with the key {_key(name)}",
        f"{driver} hands out tuples unless a row factory is set, and a tuple with a text as index"
        " raises TypeError",
        _factory(driver),
    )


def _key(name: str | None) -> str:
    return f'["{name}"]' if name is not None else "an item of it"


def _factory(driver: str) -> str:
    if driver in ("sqlite3", "aiosqlite"):
        return f"Set connection.row_factory = {driver}.Row after connecting, or read by position."
    if driver == "psycopg":
        return "Connect with row_factory=dict_row, or read the column by its position."
    if driver == "django":
        return "Make a dict of cursor.description and the row, or read the column by its position."
    return "Ask for a cursor that gives dicts, or read the column by its position."
