"""The libraries through which Python programs run SQL text, as data."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final, Literal

from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.sqllex import Style
from ci_gate.data import dataclass
from ci_gate.regex import regex

if TYPE_CHECKING:
    from ci_gate.codemodel.model import CodeModel

Dialect = Literal["postgres", "sqlite", "mysql"]
#: How a call takes its values: in one argument, as the remaining arguments, in a list of such,
#: not at all, or in more than one of these ways (the receiver may be of several libraries).
Passing = Literal["one", "rest", "many", "none", "any"]


@dataclass(frozen=True, slots=True)
class Driver:
    """A library. ``styles`` are the placeholders it knows; None: not known.

    ``server``: the database finds them, not the library. ``dialect``: None where the library speaks
    to several databases.
    """

    name: str
    styles: frozenset[Style] | None
    server: bool
    dialect: Dialect | None


_SQLITE: Final[frozenset[Style]] = frozenset({"qmark", "colon"})
_FORMAT: Final[frozenset[Style]] = frozenset({"format", "pyformat"})
_NUMERIC: Final[frozenset[Style]] = frozenset({"numeric"})
_COLON: Final[frozenset[Style]] = frozenset({"colon"})

DRIVERS: Final = {
    driver.name: driver
    for driver in (
        Driver("sqlite3", _SQLITE, True, "sqlite"),
        Driver("aiosqlite", _SQLITE, True, "sqlite"),
        Driver("psycopg", _FORMAT, False, "postgres"),
        Driver("psycopg2", _FORMAT, False, "postgres"),
        Driver("aiopg", _FORMAT, False, "postgres"),
        Driver("asyncpg", _NUMERIC, True, "postgres"),
        Driver("pymysql", _FORMAT, False, "mysql"),
        Driver("MySQLdb", _FORMAT, False, "mysql"),
        Driver("aiomysql", _FORMAT, False, "mysql"),
        Driver("asyncmy", _FORMAT, False, "mysql"),
        Driver("databases", _COLON, False, None),
        Driver("django", _FORMAT, False, None),
        Driver("sqlalchemy", _COLON, False, None),
    )
}
_AMBIGUOUS: Final = frozenset(
    {"sqlalchemy", "django", "sqlmodel", "tortoise", "peewee", "databases"}
)


def packages(model: CodeModel) -> Mapping[str, frozenset[str]]:
    """The libraries that each file of the service imports."""
    found: dict[str, set[str]] = {}
    for edge in model.import_edges:
        if edge.package is not None and not is_outside(edge.source):
            found.setdefault(edge.source, set()).add(edge.package.partition(".")[0])
    return {path: frozenset(names) for path, names in found.items()}


def only_driver(imported: Iterable[frozenset[str]]) -> Driver | None:
    """The only library that a program with these imports runs SQL text with."""
    names = frozenset[str]().union(*imported)
    if names & _AMBIGUOUS:
        return None
    found = [driver for name, driver in DRIVERS.items() if name in names]
    return found[0] if len(found) == 1 else None


#: SQL that SQLAlchemy hands to the driver as it stands.
SQLALCHEMY_DRIVER_LEVEL: Final = Driver("sqlalchemy", None, False, None)


@dataclass(frozen=True, slots=True)
class Entry:
    """A method that takes SQL text: where the text is, and how values are passed."""

    pattern: re.Pattern[str]
    driver: str
    passing: Passing
    text: tuple[int, str] = (0, "")
    values: tuple[int, str] = (1, "")


def _entry(
    pattern: str,
    driver: str,
    passing: Passing,
    *,
    text: tuple[int, str] = (0, "sql"),
    values: tuple[int, str] = (1, "parameters"),
) -> Entry:
    return Entry(regex(pattern), driver, passing, text, values)


_OBJECT: Final = (
    r"\.(?:\w+\.)*(?:Async)?(?:Server)?(?:Client)?(?:Connection|Cursor|DictCursor|SSCursor)\(\)"
)
_SESSION: Final = (
    r"^sqlalchemy\.(?:orm\.Session|ext\.asyncio\.AsyncSession|Connection|"
    r"ext\.asyncio\.AsyncConnection|Engine)\(\)"
)

ENTRIES: Final = (
    _entry(rf"^(?:sqlite3|aiosqlite){_OBJECT}\.(?:execute|execute_fetchall|execute_insert)$",
           "sqlite", "one"),
    _entry(rf"^(?:sqlite3|aiosqlite){_OBJECT}\.executemany$", "sqlite", "many"),
    _entry(rf"^(?:sqlite3|aiosqlite){_OBJECT}\.executescript$", "sqlite", "none"),
    _entry(rf"^psycopg2?{_OBJECT}\.(?:execute|stream|mogrify)$", "psycopg", "one",
           text=(0, "query"), values=(1, "params")),
    _entry(rf"^psycopg2?{_OBJECT}\.executemany$", "psycopg", "many",
           text=(0, "query"), values=(1, "params_seq")),
    _entry(r"^asyncpg\.(?:\w+\.)*(?:Connection|Pool|PoolConnectionProxy)\(\)\."
           r"(?:execute|fetch|fetchrow|fetchval|cursor)$", "asyncpg", "rest", text=(0, "query")),
    _entry(r"^asyncpg\.(?:\w+\.)*(?:Connection|Pool|PoolConnectionProxy)\(\)\."
           r"(?:executemany|fetchmany)$", "asyncpg", "many", text=(0, "command"),
           values=(1, "args")),
    _entry(r"^asyncpg\.(?:\w+\.)*(?:Connection|Pool|PoolConnectionProxy)\(\)\.prepare$",
           "asyncpg", "none", text=(0, "query")),
    _entry(rf"^(?:pymysql|MySQLdb|aiomysql|asyncmy|aiopg){_OBJECT}\.(?:execute|mogrify)$", "mysql",
           "one", text=(0, "query"), values=(1, "args")),
    _entry(rf"^(?:pymysql|MySQLdb|aiomysql|asyncmy|aiopg){_OBJECT}\.executemany$", "mysql", "many",
           text=(0, "query"), values=(1, "args")),
    _entry(r"^databases\.(?:\w+\.)*(?:Database|Connection)\(\)(?:\.connection\(\))?\."
           r"(?:execute|fetch_all|fetch_one|fetch_val|iterate)$", "databases", "one",
           text=(0, "query"), values=(1, "values")),
    _entry(r"^databases\.(?:\w+\.)*(?:Database|Connection)\(\)\.execute_many$", "databases", "many",
           text=(0, "query"), values=(1, "values")),
    _entry(r"^django\.db\.(?:connection|connections\[\]|transaction\.get_connection\(\))\.cursor"
           r"\(\)\.execute$", "django", "one", values=(1, "params")),
    _entry(r"^django\.db\.(?:connection|connections\[\])\.cursor\(\)\.executemany$", "django",
           "many", values=(1, "param_list")),
    _entry(r"^django\..*\.raw$", "django", "one", text=(0, "raw_query"), values=(1, "params")),
    _entry(_SESSION + r"\.(?:execute|scalars?|exec|stream|stream_scalars)$", "sqlalchemy", "one",
           text=(0, "statement"), values=(1, "params")),
    _entry(_SESSION + r"\.exec_driver_sql$", "sqlalchemy-driver", "one", text=(0, "statement")),
    _entry(r"^flask_sqlalchemy\.SQLAlchemy\(\)\.session\.(?:execute|scalars?)$", "sqlalchemy",
           "one", text=(0, "statement"), values=(1, "params")),
)  # fmt: skip

#: Methods that take SQL text, with the way they pass values, where the receiver is not known.
BY_NAME: Final[dict[str, Passing]] = {
    "execute": "one", "executemany": "many", "executescript": "none", "execute_fetchall": "one",
    "fetchrow": "rest", "fetchval": "rest", "fetch": "rest", "execute_insert": "one",
}  # fmt: skip
#: All method names of the table above, for a quick look.
NAMES: Final = frozenset({
    *BY_NAME, "stream", "mogrify", "prepare", "fetch_all", "fetch_one", "fetch_val", "iterate",
    "execute_many", "raw", "scalar", "scalars", "exec", "stream_scalars", "exec_driver_sql",
    "fetchmany", "cursor",
})  # fmt: skip


def driver_of(path: str, entry: Entry) -> Driver:
    """The driver behind a method, by the path that it was reached on."""
    if entry.driver == "sqlalchemy-driver":
        return SQLALCHEMY_DRIVER_LEVEL
    name = path.partition(".")[0]
    return DRIVERS.get(name) or DRIVERS[entry.driver]
