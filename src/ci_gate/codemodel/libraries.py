"""What is known of libraries, as data: one canonical path for things that have several.

A path is what :class:`~ci_gate.codemodel.values.ExternalValue` holds: names joined by dots, ``()``
for a call's result, ``[]`` for an element. Paths grow step by step and each step is brought to its
canonical form, so an entry of ``CANONICAL`` needs to name the last step only.
"""

from __future__ import annotations

import re
from functools import lru_cache

from ci_gate.regex import regex

_SESSION = "sqlalchemy.orm.Session()"
_CONNECTION = "sqlalchemy.Connection()"

CANONICAL: dict[str, tuple[str, ...]] = {
    "sqlalchemy.orm.Session": (
        "sqlalchemy.orm.session.Session",
        "sqlmodel.Session",
        "sqlmodel.orm.session.Session",
    ),
    "sqlalchemy.orm.sessionmaker": ("sqlalchemy.orm.session.sessionmaker",),
    "sqlalchemy.orm.scoped_session": ("sqlalchemy.orm.scoping.scoped_session",),
    "sqlalchemy.ext.asyncio.AsyncSession": (
        "sqlalchemy.ext.asyncio.session.AsyncSession",
        "sqlmodel.ext.asyncio.session.AsyncSession",
    ),
    "sqlalchemy.ext.asyncio.async_sessionmaker": (
        "sqlalchemy.ext.asyncio.session.async_sessionmaker",
    ),
    "sqlalchemy.ext.asyncio.AsyncEngine": ("sqlalchemy.ext.asyncio.engine.AsyncEngine",),
    "sqlalchemy.ext.asyncio.AsyncConnection": ("sqlalchemy.ext.asyncio.engine.AsyncConnection",),
    "sqlalchemy.ext.asyncio.create_async_engine": (
        "sqlalchemy.ext.asyncio.engine.create_async_engine",
    ),
    "sqlalchemy.Engine": (
        "sqlalchemy.engine.Engine",
        "sqlalchemy.engine.base.Engine",
        "sqlalchemy.future.Engine",
    ),
    "sqlalchemy.Connection": (
        "sqlalchemy.engine.Connection",
        "sqlalchemy.engine.base.Connection",
    ),
    "sqlalchemy.create_engine": (
        "sqlalchemy.engine.create_engine",
        "sqlmodel.create_engine",
    ),
    "sqlalchemy.select": (
        "sqlalchemy.future.select",
        "sqlmodel.select",
        "sqlalchemy.sql.select",
        "sqlalchemy.sql.expression.select",
    ),
    "sqlalchemy.text": (
        "sqlalchemy.sql.text",
        "sqlalchemy.sql.expression.text",
        "sqlmodel.text",
    ),
    "sqlalchemy.orm.declarative_base": ("sqlalchemy.ext.declarative.declarative_base",),
    "sqlalchemy.orm.Session()": (
        "sqlalchemy.orm.sessionmaker()()",
        "sqlalchemy.orm.scoped_session()()",
        "sqlalchemy.orm.create_session()",
        "sqlalchemy.orm.Session().begin()",
        "sqlalchemy.orm.sessionmaker().begin()",
        "sqlalchemy.orm.object_session()",
        "flask_sqlalchemy.SQLAlchemy().session",
        "flask_sqlalchemy.SQLAlchemy().session()",
        "flask_sqlalchemy.SQLAlchemy().create_scoped_session()",
        "flask_sqlalchemy.SQLAlchemy().create_session()()",
        "flask_sqlalchemy_lite.SQLAlchemy().session",
        "sqlalchemy.ext.asyncio.AsyncSession().sync_session",
        "sqlalchemy.orm.scoped_session()",
    ),
    "sqlalchemy.ext.asyncio.AsyncSession()": (
        "sqlalchemy.ext.asyncio.async_sessionmaker()()",
        "sqlalchemy.ext.asyncio.async_sessionmaker().begin()",
        "sqlalchemy.ext.asyncio.async_scoped_session()",
        "sqlalchemy.ext.asyncio.async_scoped_session()()",
        "sqlalchemy.ext.asyncio.AsyncSession().begin()",
        "flask_sqlalchemy_lite.SQLAlchemy().async_session",
    ),
    "sqlalchemy.Engine()": (
        "sqlalchemy.create_engine()",
        "sqlalchemy.engine_from_config()",
        "sqlalchemy.orm.Session().get_bind()",
        "sqlalchemy.orm.Session().bind",
        "flask_sqlalchemy.SQLAlchemy().engine",
        "flask_sqlalchemy.SQLAlchemy().get_engine()",
        "flask_sqlalchemy_lite.SQLAlchemy().engine",
    ),
    "sqlalchemy.ext.asyncio.AsyncEngine()": (
        "sqlalchemy.ext.asyncio.create_async_engine()",
        "sqlalchemy.ext.asyncio.async_engine_from_config()",
    ),
    "sqlalchemy.Connection()": (
        "sqlalchemy.Engine().connect()",
        "sqlalchemy.Engine().begin()",
        "sqlalchemy.orm.Session().connection()",
    ),
    "sqlalchemy.ext.asyncio.AsyncConnection()": (
        "sqlalchemy.ext.asyncio.AsyncEngine().connect()",
        "sqlalchemy.ext.asyncio.AsyncEngine().begin()",
        "sqlalchemy.ext.asyncio.AsyncSession().connection()",
    ),
    "sqlite3.Connection()": (
        "sqlite3.dbapi2.Connection()",
        "sqlite3.connect()",
        "sqlite3.dbapi2.connect()",
    ),
    "sqlite3.Cursor()": ("sqlite3.Connection().cursor()",),
    "aiosqlite.Connection()": (
        "aiosqlite.connect()",
        "aiosqlite.core.Connection()",
    ),
    "aiosqlite.Cursor()": (
        "aiosqlite.Connection().cursor()",
        "aiosqlite.Connection().execute()",
    ),
    "psycopg.Connection()": (
        "psycopg.connect()",
        "psycopg.Connection.connect()",
        "psycopg_pool.ConnectionPool().connection()",
        "psycopg_pool.ConnectionPool().getconn()",
    ),
    "psycopg.AsyncConnection()": (
        "psycopg.AsyncConnection.connect()",
        "psycopg_pool.AsyncConnectionPool().connection()",
        "psycopg_pool.AsyncConnectionPool().getconn()",
    ),
    "psycopg.Cursor()": ("psycopg.Connection().cursor()",),
    "psycopg.AsyncCursor()": ("psycopg.AsyncConnection().cursor()",),
    "psycopg2.Connection()": (
        "psycopg2.connect()",
        "psycopg2.pool.ThreadedConnectionPool().getconn()",
        "psycopg2.pool.SimpleConnectionPool().getconn()",
        "psycopg2.extensions.connection()",
    ),
    "psycopg2.Cursor()": (
        "psycopg2.Connection().cursor()",
        "psycopg2.extensions.cursor()",
    ),
    "asyncpg.Connection()": (
        "asyncpg.connect()",
        "asyncpg.connection.Connection()",
        "asyncpg.connection.connect()",
        "asyncpg.Pool().acquire()",
    ),
    "asyncpg.Pool()": (
        "asyncpg.create_pool()",
        "asyncpg.pool.Pool()",
        "asyncpg.pool.create_pool()",
    ),
    "pymysql.Connection()": (
        "pymysql.connect()",
        "pymysql.connections.Connection()",
        "MySQLdb.connect()",
    ),
    "pymysql.Cursor()": ("pymysql.Connection().cursor()",),
    "fastapi.FastAPI": ("fastapi.applications.FastAPI",),
    "fastapi.APIRouter": ("fastapi.routing.APIRouter",),
    "fastapi.Depends": (
        "fastapi.params.Depends",
        "fastapi.param_functions.Depends",
    ),
    "fastapi.Security": (
        "fastapi.params.Security",
        "fastapi.param_functions.Security",
    ),
    "fastapi.HTTPException": ("fastapi.exceptions.HTTPException",),
    "fastapi.Request": (
        "starlette.requests.Request",
        "fastapi.requests.Request",
    ),
    "flask.Flask": ("flask.app.Flask",),
    "flask.Blueprint": ("flask.blueprints.Blueprint",),
    "flask.current_app": ("flask.globals.current_app",),
    "flask.g": (
        "flask.globals.g",
        "flask.ctx.g",
    ),
    "flask.request": ("flask.globals.request",),
    "flask.Request": ("flask.wrappers.Request",),
    "aiohttp.web.Application": ("aiohttp.web_app.Application",),
    "aiohttp.web.RouteTableDef": ("aiohttp.web_routedef.RouteTableDef",),
    "aiohttp.web.Request": ("aiohttp.web_request.Request",),
    "aiohttp.web.AppKey": ("aiohttp.web_app.AppKey",),
    "express": ("express.default",),
    "fastify": (
        "fastify.fastify",
        "fastify.default",
    ),
    "fastify()": ("fastify.FastifyInstance()",),
    "express()": (
        "express.Application()",
        "express.Express()",
    ),
    "koa()": ("koa.default()",),
    "@koa/router": (
        "@koa/router.Router",
        "@koa/router.default",
    ),
    "hono.Hono": (
        "hono/tiny.Hono",
        "hono/quick.Hono",
        "@hono/zod-openapi.OpenAPIHono",
    ),
    "knex": (
        "knex.knex",
        "knex.default",
        "knex.Knex",
    ),
    "knex()": (
        "knex.Knex()",
        "knex.Knex.Transaction()",
        "knex.Transaction()",
        "knex[]()",
        "knex.Transaction[]()",
        "knex().transaction()",
    ),
    "kysely.Kysely()": (
        "kysely.Kysely[]()",
        "kysely.Transaction()",
        "kysely.Transaction[]()",
        "kysely.ControlledTransaction()",
        "kysely.ControlledTransaction[]()",
    ),
    "pg.Pool": (
        "pg.default.Pool",
        "pg-pool",
    ),
    "pg.Client": ("pg.default.Client",),
    "pg.Client()": ("pg.Pool().connect()", "pg.PoolClient()"),
    "mysql2.Pool()": (
        "mysql2/promise.createPool()",
        "mysql2.createPool()",
        "mysql2.createPool().promise()",
    ),
    "mysql2.Connection()": (
        "mysql2/promise.createConnection()",
        "mysql2.createConnection()",
        "mysql2.createConnection().promise()",
        "mysql2.Pool().getConnection()",
    ),
    "better-sqlite3": (
        "better-sqlite3.default",
        "better-sqlite3.Database",
    ),
    "sequelize.Sequelize": ("sequelize-typescript.Sequelize",),
    "sequelize": ("sequelize.default",),
    "sequelize.Sequelize()": (
        "sequelize()",
        "sequelize.Sequelize().define().sequelize",
        "sequelize.Model.sequelize",
        "sequelize.Model().sequelize",
        "sequelize-typescript.Model.sequelize",
    ),
    "@prisma/client.PrismaClient()": (
        "@prisma/client.Prisma.TransactionClient()",
        "@prisma/client.PrismaClient().$extends()",
    ),
    "mongoose": ("mongoose.default",),
}
"""Canonical path -> the other paths that lead to the same thing."""

_ALIASES = {alias: path for path, aliases in CANONICAL.items() for alias in aliases}

MODULES: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        regex(r"^drizzle-orm/(?!(?:pg|mysql|sqlite|singlestore|gel)-core\b)[^.]+"),
        "drizzle-orm",
    ),
    (regex(r"^koa-router\b"), "@koa/router"),
    (
        regex(r"^sqlalchemy\.ext\.asyncio\.(?:session|engine|scoping)\."),
        "sqlalchemy.ext.asyncio.",
    ),
    (
        regex(r"^sqlalchemy\.orm\.(?:session|scoping|decl_api|relationships|query)\."),
        "sqlalchemy.orm.",
    ),
    (regex(r"^mysql2/promise\b"), "mysql2"),
    (regex(r"^node:"), ""),
)
"""Prefixes that are rewritten wherever they stand."""

GENERATED_CLIENTS: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        regex(
            r"(?:^|[/#@~])(?:generated/)?prisma(?:-client)?/(?:client|generated|index)"
            r"|generated/prisma|prisma/generated|\.prisma/client"
        ),
        "@prisma/client",
    ),
)
"""Import specifiers of generated code that is usually not in the tree, and the package that made
it. Used only when the specifier resolves to no file."""

DEPENDS = frozenset({"fastapi.Depends", "fastapi.Security", "fastapi_injector.Injected"})
PARTIALS = frozenset({"functools.partial", "functools.partialmethod"})

ENTERED: dict[str, str] = {
    "sqlalchemy.orm.sessionmaker()": _SESSION,
}
"""``with`` gives the object itself unless listed here."""

PASS_THROUGH = frozenset({
    "copy.copy", "copy.deepcopy", "asyncio.run", "asyncio.wait_for", "asyncio.shield",
    "asyncio.create_task", "asyncio.ensure_future", "contextlib.closing", "contextlib.aclosing",
    "asgiref.sync.async_to_sync", "asgiref.sync.sync_to_async", "functools.cache",
    "functools.lru_cache", "weakref.proxy", "anyio.run", "util.promisify",
})  # fmt: skip
"""Calls whose result stands for their first argument."""

CALLS_ARGUMENT = frozenset({
    "asyncio.to_thread", "starlette.concurrency.run_in_threadpool",
    "fastapi.concurrency.run_in_threadpool", "anyio.to_thread.run_sync",
})  # fmt: skip
"""Calls whose result is what calling their first argument gives."""

PROVIDERS = frozenset({
    f"dependency_injector.providers.{name}"
    for name in ("Factory", "Singleton", "ThreadSafeSingleton", "ThreadLocalSingleton",
                 "ContextLocalSingleton", "Resource", "Callable", "Coroutine", "Dependency")
})  # fmt: skip

CALLBACK_PARAMETERS: dict[str, str] = {
    "@prisma/client.PrismaClient().$transaction": "@prisma/client.PrismaClient()",
    "knex().transaction": "knex()",
    "kysely.Kysely().transaction().execute": "kysely.Kysely()",
    "kysely.Kysely().transaction().setIsolationLevel().execute": "kysely.Kysely()",
    "kysely.Kysely().connection().execute": "kysely.Kysely()",
    "drizzle-orm.drizzle().transaction": "drizzle-orm.drizzle()",
    "sequelize.Sequelize().transaction": "sequelize.Transaction()",
    "typeorm.DataSource().transaction": "typeorm.EntityManager()",
    "sqlalchemy.ext.asyncio.AsyncSession().run_sync": _SESSION,
    "sqlalchemy.ext.asyncio.AsyncConnection().run_sync": _CONNECTION,
}
"""What a library hands to the function it is given, as that function's first parameter."""

SILENT_BASES = frozenset({
    "typing.Generic", "typing.Protocol", "typing_extensions.Protocol", "abc.ABC", "object",
    "typing.NamedTuple", "typing.TypedDict", "typing_extensions.TypedDict", "enum.Enum",
    "enum.StrEnum", "enum.IntEnum", "Exception", "Error",
})  # fmt: skip
"""Bases that say nothing of an object's further attributes."""


@lru_cache(maxsize=65536)
def canonical(path: str) -> str:
    """The one path for what ``path`` names."""
    for pattern, replacement in MODULES:
        path = pattern.sub(replacement, path, count=1)
    return _ALIASES.get(path, path)


def generated_client(specifier: str) -> str | None:
    for pattern, package in GENERATED_CLIENTS:
        if pattern.search(specifier):
            return package
    return None
