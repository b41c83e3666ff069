"""The database that a run has to itself: which one, and how the service is told where it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import quote

from ci_gate.config_contract import DatabaseConfig, DatabaseEngine
from ci_gate.contract.service.plan import Hints
from ci_gate.data import dataclass

#: Of several engines that the code names, the one that is taken.
_PREFERRED: Final[tuple[DatabaseEngine, ...]] = ("postgresql", "sqlite", "mysql")


@dataclass(frozen=True, slots=True)
class Access:
    """Where a database is. ``path`` is a SQLite file; the others have all but that."""

    engine: DatabaseEngine
    host: str = ""
    port: int = 0
    user: str = ""
    password: str = ""
    name: str = ""
    path: str = ""

    def url(self, scheme: str | None = None) -> str:
        """``postgresql://user:password@host:port/name``; ``scheme`` may add a driver."""
        if self.engine == "sqlite":
            if scheme == "file":
                return f"file:{self.path}"
            return f"{scheme or 'sqlite'}:///{self.path}"
        credentials = f"{quote(self.user, safe='')}:{quote(self.password, safe='')}"
        return f"{scheme or self.engine}://{credentials}@{self.host}:{self.port}/{self.name}"


def engine_of(config: DatabaseConfig, hints: Hints) -> DatabaseEngine | None:
    """The configured engine, else the one that the service uses; None for no database."""
    if config.engine is not None:
        return config.engine
    if hints.engine is not None:
        return hints.engine
    return next((engine for engine in _PREFERRED if engine in hints.databases), None)


def settings(config: DatabaseConfig, hints: Hints, access: Access) -> dict[str, str]:
    """The environment variables that tell the service where its database is."""
    values = _values(access, hints)
    if config.env:
        return {name: _filled(text, values) for name, text in config.env.items()}
    found = {
        name: values["driver_url"] if kind == "url" else values[kind]
        for name, kind in hints.variables.items()
        if kind == "url" or values.get(kind)
    }
    if access.engine == "sqlite":
        return found
    if not found:
        found = {"DATABASE_URL": values["driver_url"]}
    return {**_CLIENT.get(access.engine, _nothing)(access), **found}


def _values(access: Access, hints: Hints) -> dict[str, str]:
    scheme = hints.scheme if hints.engine in (None, access.engine) else None
    return {
        "url": access.url(),
        "driver_url": access.url(scheme),
        "host": access.host,
        "port": str(access.port) if access.port else "",
        "user": access.user,
        "password": access.password,
        "name": access.path if access.engine == "sqlite" else access.name,
        "path": access.path,
    }


def _filled(text: str, values: Mapping[str, str]) -> str:
    for key, value in values.items():
        text = text.replace(f"{{{key}}}", value)
    return text


def _libpq(access: Access) -> dict[str, str]:
    """What PostgreSQL's clients read where they are told nothing else."""
    return {
        "PGHOST": access.host,
        "PGPORT": str(access.port),
        "PGUSER": access.user,
        "PGPASSWORD": access.password,
        "PGDATABASE": access.name,
    }


def _nothing(_access: Access) -> dict[str, str]:
    return {}


_CLIENT: Final = {"postgresql": _libpq}
