"""Data of requests on their way to SQL text, and connections that requests find."""

from __future__ import annotations

import textwrap

import pytest

from ci_gate.codemodel.dataflow.events import (
    Opened,
    Paged,
    Ran,
    RowUsed,
    Settled,
    SqlText,
    Wrote,
)
from support.flows import Followed, written

AIOHTTP = """
import hashlib
import re
from aiohttp import web
import asyncpg

routes = web.RouteTableDef()
ORDERS = {"new": "created DESC", "old": "created"}
ALLOWED = ("id", "title")

async def start(app):
    app["pool"] = await asyncpg.create_pool("x")

app = web.Application()
app.on_startup.append(start)

@routes.get("/a/{id}")
async def handler(request):
    pool = request.app["pool"]
"""

END = "\napp.add_routes(routes)\n"


def aiohttp(body: str) -> Followed:
    return Followed({"app.py": AIOHTTP + textwrap.indent(textwrap.dedent(body), "    ") + END})


CARRIED = {
    "query": ('q = request.query["q"]\n{f}', True),
    "query of the address": ('q = request.rel_url.query.get("q", "x")\n{f}', True),
    "path": ('q = request.match_info["q"]\n{f}', True),
    "body": ('q = (await request.json())["item"]["q"]\n{f}', True),
    "body, with defaults": ('q = (await request.json()).get("item", {{}}).get("q", "")\n{f}', True),
    "form": ('q = (await request.post())["q"]\n{f}', True),
    "stripped": ('q = request.query["q"].strip().lower()\n{f}', True),
    "a default": ('q = request.query.get("q") or "id"\n{f}', True),
    "in a list": ('parts = ["SELECT 1"]\nparts.append(request.query["q"])\n{join}', True),
    "a number": ('q = int(request.query["q"])\n{f}', False),
    "a mapping of constants": ('q = ORDERS[request.query["q"]]\n{f}', False),
    "a mapping with a default": ('q = ORDERS.get(request.query["q"], "id")\n{f}', False),
    "refused": (
        'q = request.query["q"]\nif q not in ALLOWED:\n    raise web.HTTPBadRequest()\n{f}',
        False,
    ),
    "replaced": ('q = request.query["q"]\nif q not in ALLOWED:\n    q = "id"\n{f}', False),
    "chosen": ('q = request.query["q"]\nq = q if q in ALLOWED else "id"\n{f}', False),
    "a direction": ('q = "DESC" if request.query["q"] == "desc" else "ASC"\n{f}', False),
    "asserted": ('q = request.query["q"]\nassert q in ALLOWED\n{f}', False),
    "of a plain form": (
        'q = request.query["q"]\nif not q.isidentifier():\n    raise web.HTTPBadRequest()\n{f}',
        False,
    ),
    "of a known form": (
        'q = request.query["q"]\nif not re.fullmatch(r"\\w+", q):\n'
        "    raise web.HTTPBadRequest()\n{f}",
        False,
    ),
    "cleaned": ('q = re.sub(r"[^a-z]", "", request.query["q"])\n{f}', False),
    "changed": ('q = re.sub("a", "b", request.query["q"])\n{f}', True),
    "a digest": ('q = hashlib.sha256(request.query["q"].encode()).hexdigest()\n{f}', False),
    "the number of values": (
        'values = []\nvalues.append(request.query["q"])\n'
        'await pool.fetch(f"SELECT * FROM a WHERE b = ${{len(values)}}", *values)',
        False,
    ),
    "bound": ('await pool.fetch("SELECT * FROM a WHERE b = $1", request.query["q"])', False),
    "keys of the body": (
        'data = await request.json()\nq = ", ".join(f"{{key}} = 1" for key in data)\n{f}',
        None,
    ),
    "names of a mapping of values": (
        'values = {{"a": request.query["q"], "b": request.query["r"]}}\n'
        'q = ", ".join(f"{{key}} = 1" for key in values)\n{f}',
        False,
    ),
    "names under which values are kept": (
        'values = {{}}\nfor name in ("a", "b", "c"):\n    values[name] = request.query[name]\n'
        'q = ", ".join(f"{{key}} = ?" for key, value in values.items())\n{f}',
        False,
    ),
    "allowed names of the body": (
        "data = await request.json()\n"
        "values = {{key: value for key, value in data.items() if key in ALLOWED}}\n"
        'q = ", ".join(f"{{key}} = ?" for key in values)\n{f}',
        False,
    ),
    "keys that are allowed": (
        "data = await request.json()\n"
        'q = ", ".join(f"{{key}} = 1" for key in data if key in ALLOWED)\n{f}',
        False,
    ),
}


@pytest.mark.parametrize("case", CARRIED)
def test_what_text_carries(case: str) -> None:
    body, carried = CARRIED[case]
    body = body.format(
        f='await pool.fetch(f"SELECT * FROM a ORDER BY {q}")',
        join='await pool.fetch(" ".join(parts))',
    )
    run = aiohttp(body).run("GET /a/{id}")
    [event] = [event for event in run.events if isinstance(event, SqlText)]
    tainted = {source for source in event.text.sources if not source.typed}
    typed = {source.name for source in event.text.sources if source.typed}
    assert any(source.name not in typed for source in tainted) is (carried is not False)


SQLITE = """
import sqlite3
from flask import Flask, g, request

app = Flask("x")

def get_db():
    db = getattr(g, "_database", None)
    if db is None:
        db = g._database = sqlite3.connect("x.db")
        db.row_factory = sqlite3.Row
    return db

def get_other():
    if "other" not in g:
        g.other = sqlite3.connect("x.db")
    return g.other

@app.teardown_appcontext
def close(error):
    get_db().close()

@app.get("/a")
def listed():
    return [dict(row) for row in get_db().execute("SELECT * FROM a LIMIT ?", (request.args["n"],))]

@app.post("/a")
def created():
    other = get_other()
    other.execute("INSERT INTO a (b) VALUES (?)", (request.form["b"],))
    get_other().commit()
    return ""
"""


def test_flask_keeps_the_connection_for_the_request() -> None:
    program = Followed({"app.py": SQLITE})
    assert program.said("GET /a") == ["opened", "many: n", "paged by n"]
    assert program.said("POST /a") == ["opened", "write: b", "wrote INSERT INTO a", "commit"]


HELD = {
    "aiohttp": (
        """
        async def start(app):
            app["db"] = await aiosqlite.connect("x.db")

        async def items(request):
            await request.app["db"].execute("DELETE FROM a")

        app = web.Application()
        app.on_startup.append(start)
        app.router.add_get("/a", items)
        """,
        True,
    ),
    "aiohttp, a typed key": (
        """
        DB = web.AppKey("db", aiosqlite.Connection)

        async def start(app):
            app[DB] = await aiosqlite.connect("x.db")

        async def items(request):
            await request.app[DB].execute("DELETE FROM a")

        app = web.Application()
        app.on_startup.append(start)
        app.router.add_get("/a", items)
        """,
        True,
    ),
    "FastAPI": (
        """
        @asynccontextmanager
        async def lifespan(app):
            app.state.db = await aiosqlite.connect("x.db")
            yield

        app = FastAPI(lifespan=lifespan)

        @app.get("/a")
        async def items(request: Request):
            await request.app.state.db.execute("DELETE FROM a")
        """,
        True,
    ),
    "a module": (
        """
        app = FastAPI()
        db = sqlite3.connect("x.db", check_same_thread=False)

        @app.get("/a")
        def items():
            db.execute("DELETE FROM a")
        """,
        True,
    ),
    "a pool": (
        """
        @asynccontextmanager
        async def lifespan(app):
            app.state.pool = await asyncpg.create_pool("x")
            yield

        app = FastAPI(lifespan=lifespan)

        async def connection(request: Request):
            async with request.app.state.pool.acquire() as conn:
                yield conn

        @app.get("/a")
        async def items(conn: Annotated[asyncpg.Connection, Depends(connection)]):
            await conn.execute("DELETE FROM a")
        """,
        False,
    ),
}
HEAD = """
from contextlib import asynccontextmanager
from typing import Annotated
import sqlite3
import aiosqlite
import asyncpg
from aiohttp import web
from fastapi import Depends, FastAPI, Request
"""


@pytest.mark.parametrize("case", HELD)
def test_connections_that_are_older_than_the_request(case: str) -> None:
    code, shared = HELD[case]
    run = Followed({"app.py": HEAD + textwrap.dedent(code)}).run("GET /a")
    [ran] = [event for event in run.events if isinstance(event, Ran)]
    assert ran.session is not None
    assert ran.session.library == "driver"
    assert ran.session.shared is shared


FASTAPI = """
import enum
import asyncpg
from fastapi import Depends, FastAPI, Query, Request
from repository import Articles

class Order(str, enum.Enum):
    NEW = "new"

app = FastAPI()

async def connection():
    conn = await asyncpg.connect("x")
    try:
        yield conn
    finally:
        await conn.close()

def articles(conn=Depends(connection)):
    return Articles(conn)

@app.get("/a")
async def listed(repo: Articles = Depends(articles), limit: int = 20, tag: str | None = None):
    return await repo.list(limit, tag)

@app.get("/b")
async def ordered(repo: Articles = Depends(articles), order: str = Query("a", pattern="^(a|b)$"),
                  kind: Order = Order.NEW, q: str = ""):
    return await repo.ordered(f"{order} {kind.value}", q)

@app.get("/c")
async def searched(q: str, repo: Articles = Depends(articles)):
    return await repo.ordered(q, q)

@app.post("/a")
async def created(title: str, repo: Articles = Depends(articles)):
    await repo.add(title)
"""
REPOSITORY = """
class Articles:
    def __init__(self, conn):
        self._conn = conn

    async def list(self, limit, tag):
        query, values = "SELECT * FROM articles", []
        if tag:
            values.append(tag)
            query += f" WHERE tag = ${len(values)}"
        values.append(limit)
        return await self._conn.fetch(query + f" LIMIT ${len(values)}", *values)

    async def ordered(self, order, q):
        return await self._conn.fetch(f"SELECT * FROM a WHERE b = $1 ORDER BY {order}", q)

    async def add(self, title):
        async with self._conn.transaction():
            await self._conn.execute("INSERT INTO articles (title) VALUES ($1)", title)
"""


MODELS = """
from dataclasses import asdict
import asyncpg
from fastapi import FastAPI
from pydantic import BaseModel

app = FastAPI()

class Change(BaseModel):
    a: str | None = None
    b: str | None = None
    c: str | None = None
    d: str | None = None

@app.patch("/a")
async def changed(change: Change):
    values = change.model_dump(exclude_unset=True)
    names = ", ".join(f"{name} = ${i}" for i, name in enumerate(values, 1))
    conn = await asyncpg.connect("x")
    await conn.execute(f"UPDATE a SET {names}", *values.values())

@app.post("/a")
async def added(change: Change):
    conn = await asyncpg.connect("x")
    await conn.execute(f"INSERT INTO a (b) VALUES ('{change.a}')")
"""


CHECKED = """
from dataclasses import dataclass
import asyncpg
from flask import Flask, abort, request
from django.db import connection

app = Flask("x")

@dataclass
class Order:
    by: str

@app.get("/a")
async def listed():
    order = Order(request.args["by"])
    if order.by not in ("a", "b"):
        abort(422)
    conn = await asyncpg.connect("x")
    return await conn.fetch(f"SELECT * FROM a ORDER BY {order.by}")

@app.get("/b")
def counted():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM a WHERE b = %s", [request.args["b"]])
        return str(cursor.fetchone()["count"])
"""


def test_an_attribute_that_is_checked() -> None:
    run = Followed({"app.py": CHECKED}).run("GET /a")
    [text] = [event.text for event in run.events if isinstance(event, SqlText)]
    assert {source.name for source in text.sources} == {source.name for source in run.checked}


def test_cursors_of_django() -> None:
    program = Followed({"app.py": CHECKED})
    assert program.said("GET /b", Ran, RowUsed) == ["count: b", "row tuple key count"]


@pytest.mark.parametrize("lookup", ["ORDERS.get(q, 'id')", "ORDERS[q]"])
def test_a_choice_with_a_default_reaches_the_statement(lookup: str) -> None:
    body = f"""
    q = request.query.get("q", "new")
    await pool.fetch(f"SELECT * FROM a ORDER BY {{{lookup}}}")
    """
    run = aiohttp(body).run("GET /a/{id}")
    assert "q" in {source.name for source in run.used}
    assert sorted(written(run)) == [
        "SELECT * FROM a ORDER BY created",
        "SELECT * FROM a ORDER BY created DESC",
        *(["SELECT * FROM a ORDER BY id"] if "get" in lookup else []),
    ]


def test_fields_of_a_model() -> None:
    program = Followed({"app.py": MODELS})
    assert program.said("PATCH /a", Ran, SqlText) == ["write: a b c d"]
    assert program.said("POST /a", SqlText) == ["text of a"]


def test_fastapi_through_dependencies_and_a_repository() -> None:
    program = Followed({"app.py": FASTAPI, "repository.py": REPOSITORY})
    assert program.said("GET /a") == ["opened", "many: limit tag", "close"]
    assert program.said("GET /b") == ["opened", "many: kind order q", "close"]
    assert program.said("GET /c", SqlText) == ["text of q"]
    assert program.said("POST /a", Opened, Wrote, Settled) == [
        "opened",
        "wrote INSERT INTO articles",
        "commit",
        "close",
    ]


@pytest.mark.parametrize(
    ("call", "paged"),
    [
        ('fetch("SELECT * FROM a LIMIT $2 OFFSET $1", offset, limit)', ["limit", "offset"]),
        ('fetch("SELECT * FROM a WHERE b = $1 LIMIT 5", limit)', []),
    ],
)
def test_numbers_that_are_bound_as_pages(call: str, paged: list[str]) -> None:
    body = f"""
    limit, offset = request.query["limit"], request.query["offset"]
    await pool.{call}
    """
    assert aiohttp(body).said("GET /a/{id}", Paged) == [f"paged by {name}" for name in paged]
