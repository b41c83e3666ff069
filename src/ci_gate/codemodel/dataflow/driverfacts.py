"""What is known of database drivers, as data."""

from __future__ import annotations

from typing import Final, Literal

from ci_gate.codemodel.dataflow.domain import RowKind
from ci_gate.data import dataclass


@dataclass(frozen=True, slots=True)
class Driver:
    """A driver.

    ``rows``: what it hands out unless told otherwise. ``end``: what leaving ``with connection``
    does. ``autocommits``: outside of a transaction each statement is one of its own. ``spread``:
    the values to bind are the remaining arguments.
    """

    name: str
    rows: RowKind
    end: frozenset[Literal["commit", "close"]]
    autocommits: bool = False
    spread: bool = False


_COMMIT: Final[frozenset[Literal["commit", "close"]]] = frozenset({"commit"})
_CLOSE: Final[frozenset[Literal["commit", "close"]]] = frozenset({"close"})
_BOTH: Final[frozenset[Literal["commit", "close"]]] = frozenset({"commit", "close"})

DRIVERS: Final = {
    driver.name: driver
    for driver in (
        Driver("sqlite3", "tuple", _COMMIT),
        Driver("aiosqlite", "tuple", _CLOSE),
        Driver("psycopg", "tuple", _BOTH),
        Driver("psycopg2", "tuple", _COMMIT),
        Driver("asyncpg", "record", _CLOSE, autocommits=True, spread=True),
        Driver("pymysql", "tuple", _CLOSE),
        Driver("aiomysql", "tuple", _CLOSE),
        Driver("mysql.connector", "tuple", _CLOSE),
        Driver("django", "tuple", _CLOSE, autocommits=True),
        Driver("databases", "unknown", _CLOSE, autocommits=True),
        Driver("sqlalchemy", "unknown", _CLOSE),
    )
}


@dataclass(frozen=True, slots=True)
class Made:
    """What a library path stands for."""

    driver: Driver
    role: Literal["connection", "cursor", "pool"]
    is_async: bool


def _made(
    name: str, role: Literal["connection", "cursor", "pool"], *, is_async: bool = False
) -> Made:
    return Made(DRIVERS[name], role, is_async)


PATHS: Final[dict[str, Made]] = {
    "sqlite3.Connection()": _made("sqlite3", "connection"),
    "sqlite3.Cursor()": _made("sqlite3", "cursor"),
    "aiosqlite.Connection()": _made("aiosqlite", "connection", is_async=True),
    "aiosqlite.Cursor()": _made("aiosqlite", "cursor", is_async=True),
    "psycopg.Connection()": _made("psycopg", "connection"),
    "psycopg.Cursor()": _made("psycopg", "cursor"),
    "psycopg.AsyncConnection()": _made("psycopg", "connection", is_async=True),
    "psycopg.AsyncCursor()": _made("psycopg", "cursor", is_async=True),
    "psycopg_pool.ConnectionPool()": _made("psycopg", "pool"),
    "psycopg_pool.AsyncConnectionPool()": _made("psycopg", "pool", is_async=True),
    "psycopg2.Connection()": _made("psycopg2", "connection"),
    "psycopg2.Cursor()": _made("psycopg2", "cursor"),
    "psycopg2.pool.SimpleConnectionPool()": _made("psycopg2", "pool"),
    "psycopg2.pool.ThreadedConnectionPool()": _made("psycopg2", "pool"),
    "asyncpg.Connection()": _made("asyncpg", "connection", is_async=True),
    "asyncpg.Pool()": _made("asyncpg", "pool", is_async=True),
    "pymysql.Connection()": _made("pymysql", "connection"),
    "pymysql.Cursor()": _made("pymysql", "cursor"),
    "aiomysql.Connection()": _made("aiomysql", "connection", is_async=True),
    "aiomysql.Cursor()": _made("aiomysql", "cursor", is_async=True),
    "aiomysql.Pool()": _made("aiomysql", "pool", is_async=True),
    "mysql.connector.Connection()": _made("mysql.connector", "connection"),
    "django.db.connection.cursor()": _made("django", "cursor"),
    "django.db.connections[].cursor()": _made("django", "cursor"),
    "databases.Database()": _made("databases", "pool", is_async=True),
}

#: Row factories and cursor classes, by the last part of their path.
FACTORIES: Final[dict[str, RowKind]] = {
    "Row": "sqlite-row",
    "dict_row": "dict",
    "tuple_row": "tuple",
    "RealDictCursor": "dict",
    "DictCursor": "unknown",
}
#: The same, of the drivers whose ``DictCursor`` hands out real dictionaries.
REAL_DICTS: Final = ("pymysql.", "aiomysql.", "MySQLdb.", "asyncmy.")
#: Where a row factory can be given: keywords of calls, and attributes.
FACTORY_KEYWORDS: Final = ("row_factory", "cursor_factory", "cursorclass", "record_class")
FACTORY_ATTRIBUTES: Final = ("row_factory", "cursor_factory", "cursorclass", "record_class")
OPENING_CALLS: Final = (
    "connect", "cursor", "create_pool", "ConnectionPool", "AsyncConnectionPool", "Connection",
    "SimpleConnectionPool", "ThreadedConnectionPool", "PersistentConnectionPool", "setattr",
)  # fmt: skip

#: Where a connection is told to commit each statement by itself.
COMMIT_SETTINGS: Final = ("autocommit", "isolation_level")
COMMIT_CALLS: Final = ("set_session", "set_isolation_level", "set_autocommit")

#: Calls that give back what composing SQL text gives: quoted, so nothing of the text is theirs.
QUOTED: Final = frozenset({"Identifier", "Literal", "Placeholder", "quote_ident", "quote_literal"})

ROW_METHODS: Final[dict[RowKind, frozenset[str]]] = {
    "tuple": frozenset({"count", "index"}),
    "record": frozenset({"get", "keys", "values", "items"}),
    "sqlite-row": frozenset({"keys"}),
    "dict": frozenset({
        "get", "keys", "values", "items", "pop", "setdefault", "update", "copy", "popitem",
        "clear", "fromkeys", "move_to_end",
    }),
}  # fmt: skip
