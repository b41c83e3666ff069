"""The libraries through which JavaScript programs run SQL text, as data."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, Literal

from ci_gate.codemodel.sqldrivers import Dialect, Driver
from ci_gate.codemodel.sqllex import Style
from ci_gate.data import dataclass
from ci_gate.regex import regex

#: How a call takes its values: in one argument; in one argument or as the remaining ones; under a
#: key of an object of options; not at all; in the template itself.
Passing = Literal["one", "spread", "options", "none", "template"]

_SQLITE: Final[frozenset[Style]] = frozenset({"qmark", "colon"})
_QMARK: Final[frozenset[Style]] = frozenset({"qmark"})
_NUMERIC: Final[frozenset[Style]] = frozenset({"numeric"})

DRIVERS: Final = {
    driver.name: driver
    for driver in (
        Driver("pg", _NUMERIC, True, "postgres"),
        Driver("postgres", _NUMERIC, True, "postgres"),
        Driver("@vercel/postgres", _NUMERIC, True, "postgres"),
        Driver("@neondatabase/serverless", _NUMERIC, True, "postgres"),
        Driver("mysql2", _QMARK, True, "mysql"),
        Driver("mysql", _QMARK, False, "mysql"),
        Driver("sqlite3", _SQLITE, True, "sqlite"),
        Driver("sqlite", _SQLITE, True, "sqlite"),
        Driver("node:sqlite", _SQLITE, True, "sqlite"),
        Driver("bun:sqlite", _SQLITE, True, "sqlite"),
        Driver("better-sqlite3", _SQLITE, True, "sqlite"),
        Driver("@libsql/client", _SQLITE, True, "sqlite"),
        Driver("sequelize", None, False, None),
        Driver("knex", frozenset({"qmark", "colon"}), False, None),
        Driver("typeorm", None, True, None),
        Driver("@prisma/client", None, True, None),
    )
}
#: What stands in a tagged template's text for a value.
TEMPLATE: Final[frozenset[Style]] = _QMARK
_AMBIGUOUS: Final = frozenset({
    "sequelize", "sequelize-typescript", "knex", "typeorm", "@prisma/client", "drizzle-orm",
    "kysely", "objection", "@mikro-orm/core",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class NodeEntry:
    """A method that takes SQL text. ``prepared``: the text is that of the statement that it is
    called on. ``keys``: the names of text and values where both come in one object."""

    pattern: re.Pattern[str]
    driver: str
    passing: Passing
    prepared: bool = False
    keys: tuple[str, str] = ("", "")


def _entry(
    pattern: str,
    driver: str,
    passing: Passing,
    *,
    prepared: bool = False,
    keys: tuple[str, str] = ("", ""),
) -> NodeEntry:
    return NodeEntry(regex(pattern), driver, passing, prepared, keys)


_STATEMENT: Final = r"\.(?:prepare|query)\(\)(?:\.(?:pluck|raw|expand|safeIntegers)\(\))*"
_FETCH: Final = r"(?:all|get|run|iterate|values)"
_SEQUELIZE: Final = r"^sequelize\.(?:Sequelize\(\)|Model)\.(?:sequelize\.)?query$"
_POSTGRES: Final = r"^postgres\(\)(?:\.(?:reserve)\(\))?"

ENTRIES: Final[tuple[NodeEntry, ...]] = (
    _entry(r"^pg\.(?:Pool|Client)\(\)\.query$", "pg", "one", keys=("text", "values")),
    _entry(r"^@vercel/postgres\.(?:\w+|createPool\(\)|createClient\(\))\.query$",
           "@vercel/postgres", "one", keys=("text", "values")),
    _entry(r"^@neondatabase/serverless\.(?:(?:Pool|Client)\(\)|neon\(\))\.query$",
           "@neondatabase/serverless", "one", keys=("text", "values")),
    _entry(_POSTGRES + r"\.unsafe$", "postgres", "one"),
    _entry(r"^mysql2\.(?:Pool|Connection)\(\)(?:\.promise\(\))?\.(?:execute|query)$", "mysql2",
           "one", keys=("sql", "values")),
    _entry(r"^mysql\.create(?:Pool|Connection)\(\)\.query$", "mysql", "one",
           keys=("sql", "values")),
    _entry(r"^sqlite3\.(?:\w+\(\)\.)?Database\(\)\.(?:run|get|all|each)$", "sqlite3", "spread"),
    _entry(r"^sqlite3\.(?:\w+\(\)\.)?Database\(\)\.exec$", "sqlite3", "none"),
    _entry(r"^sqlite3\.(?:\w+\(\)\.)?Database\(\)\.prepare$", "sqlite3", "none"),
    _entry(r"^sqlite\.(?:open|Database)\(\)\.(?:run|get|all|each)$", "sqlite", "spread"),
    _entry(r"^sqlite\.(?:open|Database)\(\)\.(?:exec|prepare)$", "sqlite", "none"),
    _entry(rf"^better-sqlite3\(\){_STATEMENT}\.{_FETCH}$", "better-sqlite3", "spread",
           prepared=True),
    _entry(r"^better-sqlite3\(\)\.(?:exec|prepare)$", "better-sqlite3", "none"),
    _entry(rf"^sqlite\.DatabaseSync\(\){_STATEMENT}\.{_FETCH}$", "node:sqlite", "spread",
           prepared=True),
    _entry(r"^sqlite\.DatabaseSync\(\)\.(?:exec|prepare)$", "node:sqlite", "none"),
    _entry(rf"^bun:sqlite\.Database\(\){_STATEMENT}\.{_FETCH}$", "bun:sqlite", "spread",
           prepared=True),
    _entry(r"^bun:sqlite\.Database\(\)\.(?:run|exec)$", "bun:sqlite", "spread"),
    _entry(r"^@libsql/client\.createClient\(\)\.execute$", "@libsql/client", "one",
           keys=("sql", "args")),
    _entry(_SEQUELIZE, "sequelize", "options"),
    _entry(r"^knex\(\)\.raw$", "knex", "one"),
    _entry(r"^typeorm\.(?:DataSource|EntityManager|QueryRunner|Repository|Connection|getManager"
           r"|getConnection|getRepository)\(\)"
           r"(?:\.\w+(?:\(\))?)*\.query$", "typeorm", "one"),
    _entry(r"^@prisma/client\.PrismaClient\(\)\.\$(?:query|execute)RawUnsafe$", "@prisma/client",
           "spread"),
)  # fmt: skip

#: The tags of templates whose values are bound.
TAGS: Final = regex(
    r"^(?:postgres\(\)|drizzle-orm\.sql|@prisma/client\.Prisma\.sql"
    r"|@prisma/client\.PrismaClient\(\)\.\$(?:queryRaw|executeRaw)|@vercel/postgres\.sql"
    r"|@neondatabase/serverless\.neon\(\)|kysely\.sql|slonik\.sql\.(?:type\(\)|unsafe))$"
)
#: The tags whose template runs as it is made.
_RUNNING: Final = regex(
    r"^(?:postgres|@prisma/client\.PrismaClient|@vercel/postgres|@neondatabase/serverless)\b"
)
#: The methods that make a statement out of text.
PREPARED: Final = regex(
    r"^(?:better-sqlite3|sqlite\.DatabaseSync|bun:sqlite\.Database|sqlite3\.(?:\w+\(\)\.)?Database"
    r"|sqlite\.open)\(\)\.(?:prepare|query)$"
)
#: Methods that take SQL text, with the way they pass values, where the receiver is not known.
BY_NAME: Final[dict[str, Passing]] = {
    "query": "one", "execute": "one", "all": "spread", "get": "spread", "run": "spread",
    "each": "spread", "exec": "none", "prepare": "none", "raw": "one", "unsafe": "one",
}  # fmt: skip
#: All method names of the table above, for a quick look.
NAMES: Final = frozenset({
    *BY_NAME, "iterate", "values", "$queryRawUnsafe", "$executeRawUnsafe",
})  # fmt: skip


def driver_of_tag(path: str) -> Driver | None:
    """The driver behind a tag whose template runs as it is made."""
    if not _RUNNING.match(path):
        return None
    name = next((name for name in DRIVERS if path.startswith(name)), "")
    dialect: Dialect | None = DRIVERS[name].dialect if name else None
    return Driver(name, TEMPLATE, True, dialect)


def only_driver(imported: Iterable[frozenset[str]]) -> Driver | None:
    """The only library that a program with these imports runs SQL text with."""
    names = frozenset[str]().union(*imported)
    if names & _AMBIGUOUS:
        return None
    found = [driver for name, driver in DRIVERS.items() if name in names]
    if len(found) == 2 and {item.name for item in found} == {"sqlite3", "sqlite"}:
        return DRIVERS["sqlite"]
    return found[0] if len(found) == 1 else None
