"""The libraries and settings that tell what a service is built from, as data."""

from __future__ import annotations

import re
from typing import Final

from ci_gate.regex import regex

#: import name -> framework
FRAMEWORKS: Final = {
    "flask": "flask", "fastapi": "fastapi", "starlette": "starlette", "django": "django",
    "rest_framework": "drf", "aiohttp": "aiohttp", "express": "express", "fastify": "fastify",
    "hono": "hono", "@hono/zod-openapi": "hono", "koa": "koa", "@koa/router": "koa",
    "koa-router": "koa",
}  # fmt: skip
#: import name -> ORM or query builder
ORMS: Final = {
    "sqlalchemy": "sqlalchemy", "flask_sqlalchemy": "flask-sqlalchemy", "sqlmodel": "sqlmodel",
    "tortoise": "tortoise", "sequelize": "sequelize",
    "sequelize-typescript": "sequelize-typescript", "@prisma/client": "prisma",
    "typeorm": "typeorm", "knex": "knex", "drizzle-orm": "drizzle", "mongoose": "mongoose",
}  # fmt: skip
#: import or distribution name -> driver, database
DRIVERS: Final = {
    "sqlite3": ("sqlite3", "sqlite"), "aiosqlite": ("aiosqlite", "sqlite"),
    "psycopg": ("psycopg", "postgresql"), "psycopg2": ("psycopg2", "postgresql"),
    "psycopg2-binary": ("psycopg2", "postgresql"), "psycopg-binary": ("psycopg", "postgresql"),
    "asyncpg": ("asyncpg", "postgresql"), "aiopg": ("aiopg", "postgresql"),
    "pg8000": ("pg8000", "postgresql"), "pymysql": ("pymysql", "mysql"),
    "aiomysql": ("aiomysql", "mysql"), "asyncmy": ("asyncmy", "mysql"),
    "mysqlclient": ("mysqlclient", "mysql"), "MySQLdb": ("mysqlclient", "mysql"),
    "pg": ("pg", "postgresql"), "postgres": ("postgres", "postgresql"),
    "better-sqlite3": ("better-sqlite3", "sqlite"), "sqlite": ("sqlite3", "sqlite"),
    "mysql": ("mysql", "mysql"), "mysql2": ("mysql2", "mysql"),
    "@libsql/client": ("libsql", "sqlite"), "pg-promise": ("pg-promise", "postgresql"),
}  # fmt: skip
#: what a setting calls a database -> the database
ENGINES: Final = {
    "sqlite": "sqlite", "sqlite3": "sqlite", "better-sqlite3": "sqlite", "libsql": "sqlite",
    "turso": "sqlite", "postgres": "postgresql", "postgresql": "postgresql", "pg": "postgresql",
    "postgis": "postgresql", "asyncpg": "postgresql", "psycopg": "postgresql",
    "postgresql_psycopg2": "postgresql", "mysql": "mysql", "mysql2": "mysql", "mariadb": "mysql",
    "pgsql": "postgresql", "spatialite": "sqlite", "postgres-pool": "postgresql",
}  # fmt: skip
#: Settings that name the database; the first group is what they call it.
SETTINGS: Final = regex(
    r"""\b(sqlite|postgres(?:ql)?|mysql|mariadb|libsql)(?:\+\w+)?://"""
    r"""|django\.(?:contrib\.gis\.)?db\.backends\.(\w+)"""
    r"""|["']?(?:dialect|provider|client|engine|default_engine)["']?\s*[:=]\s*["'](?:tortoise\.backends\.)?([\w-]+)["']"""
    r"""|\b(PostgresDsn|MySQLDsn)\b"""
    r"""|drivername\s*=\s*["'](sqlite|postgresql|mysql)"""
    r"""|image:\s*["']?(?:[\w./-]*/)?(postgres|mysql|mariadb|postgis)\b"""
    r"""|tortoise\.backends\.(\w+)""",
    re.IGNORECASE,
)
MANIFESTS: Final = frozenset({
    "package.json", "pyproject.toml", "setup.py", "setup.cfg", "Pipfile", "manage.py",
    "requirements.txt",
})  # fmt: skip
#: sub-package of drizzle-orm -> database
DRIZZLE: Final = {
    "pg": "postgresql", "postgres-js": "postgresql", "node-postgres": "postgresql",
    "mysql": "mysql", "sqlite": "sqlite", "libsql": "sqlite", "better-sqlite3": "sqlite",
}  # fmt: skip
_LONG_FIRST: Final = sorted((name for name in DRIVERS if len(name) > 2), key=len, reverse=True)
_NAME: Final = "|".join(map(re.escape, _LONG_FIRST))
#: A driver named in a list of dependencies.
DEPENDENCY: Final = regex(
    rf"""^\s*["']?({_NAME}|pg)(?:\[[\w,-]+\])?["']?\s*(?:[=<>~!;:,^"']|$)""", re.MULTILINE
)
