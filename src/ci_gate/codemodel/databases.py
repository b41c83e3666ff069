"""What an address says: which engine, which host, which database, with what credentials."""

from __future__ import annotations

import re
from typing import Final, Literal
from urllib.parse import unquote

from ci_gate.data import dataclass
from ci_gate.regex import regex

#: Stands for the unknown parts of a text.
HOLE: Final = "\0"

Engine = Literal["sqlite", "postgresql", "mysql", "oracle", "mssql"]

#: What a URL's scheme, a dialect, a backend or a driver is called -> the engine.
ENGINES: Final[dict[str, Engine]] = {
    "sqlite": "sqlite", "sqlite3": "sqlite", "aiosqlite": "sqlite", "spatialite": "sqlite",
    "file": "sqlite", "libsql": "sqlite",
    "postgres": "postgresql", "postgresql": "postgresql", "pgsql": "postgresql",
    "postgis": "postgresql", "psycopg": "postgresql", "psycopg2": "postgresql",
    "postgresql_psycopg2": "postgresql", "psycopg_pool": "postgresql", "asyncpg": "postgresql",
    "aiopg": "postgresql", "pg8000": "postgresql",
    "mysql": "mysql", "mariadb": "mysql", "pymysql": "mysql", "aiomysql": "mysql",
    "MySQLdb": "mysql", "asyncmy": "mysql",
    "oracle": "oracle", "oracledb": "oracle", "cx_Oracle": "oracle",
    "mssql": "mssql", "pyodbc": "mssql", "pymssql": "mssql",
}  # fmt: skip
#: How people write the engine's name.
TITLES: Final[dict[Engine, str]] = {
    "sqlite": "SQLite", "postgresql": "PostgreSQL", "mysql": "MySQL", "oracle": "Oracle",
    "mssql": "SQL Server",
}  # fmt: skip

_URL: Final = regex(
    r"^(?P<scheme>[A-Za-z][\w.+-]*):(?://(?:(?P<user>[^:@/?#]*)(?::(?P<password>[^@/]*))?@)?"
    r"(?P<host>\[[^\]]*\]|[^:/?#,]*)(?::(?P<port>[^/?#]*))?)?(?P<path>/?[^?#]*)"
)
_DSN_PART: Final = regex(r"(\w+)\s*=\s*('[^']*'|[^\s']+)")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a database is. None: not said or not known."""

    engine: Engine | None = None
    host: str | None = None
    database: str | None = None
    user: str | None = None
    password: str | None = None

    @property
    def in_memory(self) -> bool:
        return self.engine == "sqlite" and self.database is not None and (
            self.database in ("", ":memory:") or "mode=memory" in self.database
            or self.database.startswith(("file::memory:", ":memory:"))
        )  # fmt: skip

    @property
    def file(self) -> str | None:
        """The name of a SQLite file, without its folder."""
        if self.engine != "sqlite" or self.in_memory or not self.database:
            return None
        name = re.split(r"[/\\]", self.database)[-1]
        return name if name and HOLE not in name else None


def parse(text: str) -> Place:
    """What a URL or a libpq connection string says."""
    match = _URL.match(text)
    if match is not None and ENGINES.get(match["scheme"].split("+")[0].lower()) is not None:
        engine = ENGINES[match["scheme"].split("+")[0].lower()]
        if engine == "sqlite":
            rest = text.split(":", 1)[1]
            return Place(engine, database=rest.removeprefix("//").removeprefix("/"))
        return Place(
            engine,
            _known(match["host"]),
            _known(match["path"].lstrip("/")),
            _known(match["user"]),
            _known(match["password"]),
        )
    parts = dict(_DSN_PART.findall(text)) if "://" not in text else {}
    parts = {key: value.strip("'") for key, value in parts.items()}
    if "dbname" in parts or "host" in parts:
        return Place(
            None,
            _known(parts.get("host")),
            _known(parts.get("dbname")),
            _known(parts.get("user")),
            _known(parts.get("password")),
        )
    return Place()


def _known(text: str | None) -> str | None:
    if not text or HOLE in text:
        return None
    return unquote(text)
