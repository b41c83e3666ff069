"""What a repository is built from, each conclusion with the line that shows it."""

from __future__ import annotations

from dataclasses import field

from ci_gate.data import dataclass


@dataclass(frozen=True, slots=True)
class Evidence:
    """``fact`` (``framework fastapi``) is shown by ``path:line``, which reads ``text``."""

    fact: str
    path: str
    line: int
    text: str


@dataclass(slots=True)
class Service:
    """One backend application in the repository.

    ``root`` is relative to the repository, ``.`` for the repository itself. Names are lower case:
    frameworks ``flask fastapi starlette django drf aiohttp express fastify hono koa``; orms
    ``sqlalchemy flask-sqlalchemy sqlmodel django-orm tortoise sequelize sequelize-typescript prisma
    typeorm knex drizzle mongoose``; drivers ``sqlite3 aiosqlite psycopg psycopg2 asyncpg pg
    postgres better-sqlite3 mysql2 …``; databases ``sqlite postgresql mysql``.
    """

    root: str
    languages: list[str] = field(default_factory=list)
    frameworks: list[str] = field(default_factory=list)
    orms: list[str] = field(default_factory=list)
    orm_modes: list[str] = field(default_factory=list)  # sqlalchemy: "sync", "async"
    drivers: list[str] = field(default_factory=list)
    databases: list[str] = field(default_factory=list)
    #: the major version that surely gets installed, of packages whose rules depend on it
    versions: dict[str, int] = field(default_factory=dict)
    evidence: list[Evidence] = field(default_factory=list)

    def holds(self, path: str) -> bool:
        """Does the file lie in the service's folder? In that of a service inside of it, too."""
        return self.root == "." or path.startswith(f"{self.root}/")


@dataclass(slots=True)
class Stack:
    """All services found. Empty where no supported framework is."""

    services: list[Service] = field(default_factory=list)

    def has(self, *names: str) -> bool:
        """True when any service uses one of the frameworks, ORMs or drivers named."""
        return any(
            name in service.frameworks or name in service.orms or name in service.drivers
            for service in self.services
            for name in names
        )

    def service_of(self, path: str) -> Service | None:
        """The service that the file belongs to: of those around it, the innermost."""
        around = (service for service in self.services if service.holds(path))
        return max(around, key=lambda s: 0 if s.root == "." else len(s.root), default=None)

    def surely(self, name: str) -> int:
        """The major version of an ORM that all services which use it have or are above; 0 where
        that is not known."""
        using = [service for service in self.services if name in service.orms]
        return min((service.versions.get(name, 0) for service in using), default=0)
