"""What is known of libraries, as data: one canonical path for things that have several.

A path is what :class:`~ci_gate.codemodel.values.ExternalValue` holds: names joined by dots, ``()``
for a call's result, ``[]`` for an element. Paths grow step by step and each step is brought to its
canonical form, so an entry of ``ALIASES`` needs to name the last step only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

_SESSION = "sqlalchemy.orm.Session()"
_ASYNC_SESSION = "sqlalchemy.ext.asyncio.AsyncSession()"
_ENGINE = "sqlalchemy.Engine()"
_ASYNC_ENGINE = "sqlalchemy.ext.asyncio.AsyncEngine()"
_CONNECTION = "sqlalchemy.Connection()"
_ASYNC_CONNECTION = "sqlalchemy.ext.asyncio.AsyncConnection()"


def _all(sources: Iterable[str], target: str) -> Iterator[tuple[str, str]]:
    return ((source, target) for source in sources)


ALIASES: dict[str, str] = dict(
    [
        # SQLAlchemy: names that live in several modules
        *_all(["sqlalchemy.orm.session.Session", "sqlmodel.Session", "sqlmodel.orm.session.Session",
               "sqlalchemy.orm.Session"], "sqlalchemy.orm.Session"),
        *_all(["sqlalchemy.orm.session.sessionmaker"], "sqlalchemy.orm.sessionmaker"),
        *_all(["sqlalchemy.orm.scoping.scoped_session"], "sqlalchemy.orm.scoped_session"),
        *_all(["sqlalchemy.ext.asyncio.session.AsyncSession",
               "sqlmodel.ext.asyncio.session.AsyncSession"],
              "sqlalchemy.ext.asyncio.AsyncSession"),
        *_all(["sqlalchemy.ext.asyncio.session.async_sessionmaker"],
              "sqlalchemy.ext.asyncio.async_sessionmaker"),
        *_all(["sqlalchemy.ext.asyncio.engine.AsyncEngine"],
              "sqlalchemy.ext.asyncio.AsyncEngine"),
        *_all(["sqlalchemy.ext.asyncio.engine.AsyncConnection"],
              "sqlalchemy.ext.asyncio.AsyncConnection"),
        *_all(["sqlalchemy.ext.asyncio.engine.create_async_engine"],
              "sqlalchemy.ext.asyncio.create_async_engine"),
        *_all(["sqlalchemy.engine.Engine", "sqlalchemy.engine.base.Engine", "sqlalchemy.future.Engine"],
              "sqlalchemy.Engine"),
        *_all(["sqlalchemy.engine.Connection", "sqlalchemy.engine.base.Connection"],
              "sqlalchemy.Connection"),
        *_all(["sqlalchemy.engine.create_engine", "sqlmodel.create_engine"],
              "sqlalchemy.create_engine"),
        *_all(["sqlalchemy.future.select", "sqlmodel.select", "sqlalchemy.sql.select",
               "sqlalchemy.sql.expression.select"], "sqlalchemy.select"),
        *_all(["sqlalchemy.sql.text", "sqlalchemy.sql.expression.text", "sqlmodel.text"],
              "sqlalchemy.text"),
        *_all(["sqlalchemy.ext.declarative.declarative_base"], "sqlalchemy.orm.declarative_base"),
        # SQLAlchemy: what factories make
        *_all(["sqlalchemy.orm.sessionmaker()()", "sqlalchemy.orm.scoped_session()()",
               "sqlalchemy.orm.create_session()", "sqlalchemy.orm.Session().begin()",
               "sqlalchemy.orm.sessionmaker().begin()", "sqlalchemy.orm.object_session()",
               "flask_sqlalchemy.SQLAlchemy().session",
               "flask_sqlalchemy.SQLAlchemy().session()",
               "flask_sqlalchemy.SQLAlchemy().create_scoped_session()",
               "flask_sqlalchemy.SQLAlchemy().create_session()()",
               "flask_sqlalchemy_lite.SQLAlchemy().session",
               "sqlalchemy.ext.asyncio.AsyncSession().sync_session"], _SESSION),
        *_all(["sqlalchemy.orm.scoped_session()"], _SESSION),
        *_all(["sqlalchemy.ext.asyncio.async_sessionmaker()()",
               "sqlalchemy.ext.asyncio.async_sessionmaker().begin()",
               "sqlalchemy.ext.asyncio.async_scoped_session()",
               "sqlalchemy.ext.asyncio.async_scoped_session()()",
               "sqlalchemy.ext.asyncio.AsyncSession().begin()",
               "flask_sqlalchemy_lite.SQLAlchemy().async_session"], _ASYNC_SESSION),
        *_all(["sqlalchemy.create_engine()", "sqlalchemy.engine_from_config()",
               "sqlalchemy.orm.Session().get_bind()", "sqlalchemy.orm.Session().bind",
               "flask_sqlalchemy.SQLAlchemy().engine", "flask_sqlalchemy.SQLAlchemy().get_engine()",
               "flask_sqlalchemy_lite.SQLAlchemy().engine"], _ENGINE),
        *_all(["sqlalchemy.ext.asyncio.create_async_engine()",
               "sqlalchemy.ext.asyncio.async_engine_from_config()"], _ASYNC_ENGINE),
        *_all(["sqlalchemy.Engine().connect()", "sqlalchemy.Engine().begin()",
               "sqlalchemy.orm.Session().connection()"], _CONNECTION),
        *_all(["sqlalchemy.ext.asyncio.AsyncEngine().connect()",
               "sqlalchemy.ext.asyncio.AsyncEngine().begin()",
               "sqlalchemy.ext.asyncio.AsyncSession().connection()"], _ASYNC_CONNECTION),
        # Python drivers
        *_all(["sqlite3.dbapi2.Connection()", "sqlite3.connect()", "sqlite3.dbapi2.connect()"],
              "sqlite3.Connection()"),
        *_all(["sqlite3.Connection().cursor()"], "sqlite3.Cursor()"),
        *_all(["aiosqlite.connect()", "aiosqlite.core.Connection()"], "aiosqlite.Connection()"),
        *_all(["aiosqlite.Connection().cursor()", "aiosqlite.Connection().execute()"],
              "aiosqlite.Cursor()"),
        *_all(["psycopg.connect()", "psycopg.Connection.connect()",
               "psycopg_pool.ConnectionPool().connection()",
               "psycopg_pool.ConnectionPool().getconn()"], "psycopg.Connection()"),
        *_all(["psycopg.AsyncConnection.connect()",
               "psycopg_pool.AsyncConnectionPool().connection()",
               "psycopg_pool.AsyncConnectionPool().getconn()"], "psycopg.AsyncConnection()"),
        *_all(["psycopg.Connection().cursor()"], "psycopg.Cursor()"),
        *_all(["psycopg.AsyncConnection().cursor()"], "psycopg.AsyncCursor()"),
        *_all(["psycopg2.connect()", "psycopg2.pool.ThreadedConnectionPool().getconn()",
               "psycopg2.pool.SimpleConnectionPool().getconn()", "psycopg2.extensions.connection()"],
              "psycopg2.Connection()"),
        *_all(["psycopg2.Connection().cursor()", "psycopg2.extensions.cursor()"],
              "psycopg2.Cursor()"),
        *_all(["asyncpg.connect()", "asyncpg.connection.Connection()", "asyncpg.connection.connect()",
               "asyncpg.Pool().acquire()"], "asyncpg.Connection()"),
        *_all(["asyncpg.create_pool()", "asyncpg.pool.Pool()", "asyncpg.pool.create_pool()"],
              "asyncpg.Pool()"),
        *_all(["pymysql.connect()", "pymysql.connections.Connection()", "MySQLdb.connect()"],
              "pymysql.Connection()"),
        *_all(["pymysql.Connection().cursor()"], "pymysql.Cursor()"),
        # Python web frameworks
        *_all(["fastapi.applications.FastAPI"], "fastapi.FastAPI"),
        *_all(["fastapi.routing.APIRouter"], "fastapi.APIRouter"),
        *_all(["fastapi.params.Depends", "fastapi.param_functions.Depends"], "fastapi.Depends"),
        *_all(["fastapi.params.Security", "fastapi.param_functions.Security"], "fastapi.Security"),
        *_all(["fastapi.exceptions.HTTPException"], "fastapi.HTTPException"),
        *_all(["starlette.requests.Request", "fastapi.requests.Request"], "fastapi.Request"),
        *_all(["flask.app.Flask"], "flask.Flask"),
        *_all(["flask.blueprints.Blueprint"], "flask.Blueprint"),
        *_all(["flask.globals.current_app"], "flask.current_app"),
        *_all(["flask.globals.g"], "flask.g"),
        *_all(["flask.globals.request"], "flask.request"),
        *_all(["flask.wrappers.Request"], "flask.Request"),
        *_all(["flask.ctx.g"], "flask.g"),
        *_all(["aiohttp.web_app.Application"], "aiohttp.web.Application"),
        *_all(["aiohttp.web_routedef.RouteTableDef"], "aiohttp.web.RouteTableDef"),
        *_all(["aiohttp.web_request.Request"], "aiohttp.web.Request"),
        *_all(["aiohttp.web_app.AppKey"], "aiohttp.web.AppKey"),
        # Node
        *_all(["express.default"], "express"),
        *_all(["fastify.fastify", "fastify.default"], "fastify"),
        *_all(["fastify.FastifyInstance()"], "fastify()"),
        *_all(["express.Application()", "express.Express()"], "express()"),
        *_all(["koa()", "koa.default()"], "koa()"),
        *_all(["@koa/router.Router", "@koa/router.default"], "@koa/router"),
        *_all(["hono/tiny.Hono", "hono/quick.Hono", "@hono/zod-openapi.OpenAPIHono"], "hono.Hono"),
        *_all(["knex.knex", "knex.default", "knex.Knex"], "knex"),
        *_all(["knex.Knex()", "knex.Knex.Transaction()", "knex().transaction()"], "knex()"),
        *_all(["pg.default.Pool", "pg-pool"], "pg.Pool"),
        *_all(["pg.default.Client", "pg.Pool().connect()", "pg.PoolClient()"], "pg.Client"),
        *_all(["mysql2/promise.createPool()", "mysql2.createPool()",
               "mysql2.createPool().promise()", "mysql2.Pool()"], "mysql2.Pool()"),
        *_all(["mysql2/promise.createConnection()", "mysql2.createConnection()",
               "mysql2.createConnection().promise()", "mysql2.Pool().getConnection()"],
              "mysql2.Connection()"),
        *_all(["better-sqlite3.default", "better-sqlite3.Database"], "better-sqlite3"),
        *_all(["sequelize-typescript.Sequelize"], "sequelize.Sequelize"),
        *_all(["sequelize.default", "sequelize"], "sequelize"),
        *_all(["sequelize()"], "sequelize.Sequelize()"),
        *_all(["@prisma/client.Prisma.TransactionClient()", "@prisma/client.PrismaClient().$extends()"],
              "@prisma/client.PrismaClient()"),
        *_all(["mongoose.default"], "mongoose"),
    ]
)  # fmt: skip

MODULES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"^drizzle-orm/(?!(?:pg|mysql|sqlite|singlestore|gel)-core\b)[^.]+"), "drizzle-orm"),
    (re.compile(r"^koa-router\b"), "@koa/router"),
    (re.compile(r"^(?:pg-promise)\b"), "pg-promise"),
    (re.compile(r"^sqlalchemy\.ext\.asyncio\.(?:session|engine|scoping)\."), "sqlalchemy.ext.asyncio."),
    (re.compile(r"^sqlalchemy\.orm\.(?:session|scoping|decl_api|relationships|query)\."), "sqlalchemy.orm."),
    (re.compile(r"^mysql2/promise\b"), "mysql2"),
    (re.compile(r"^node:"), ""),
)  # fmt: skip
"""Prefixes that are rewritten wherever they stand."""

GENERATED_CLIENTS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(?:^|[/#@~])(?:generated/)?prisma(?:-client)?/(?:client|generated|index)|generated/prisma|"
                r"prisma/generated|\.prisma/client"), "@prisma/client"),
)  # fmt: skip
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
    return ALIASES.get(path, path)


def generated_client(specifier: str) -> str | None:
    for pattern, package in GENERATED_CLIENTS:
        if pattern.search(specifier):
            return package
    return None
