import re
from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, FastAPI, Query
from flask import Blueprint, abort, request
from rich import console
from sqlalchemy import select, text
from sqlalchemy.orm import Session
from tornado.httpclient import AsyncHTTPClient

from shop.cases import AddItem, command_bus
from shop.database import db, escape, get_session
from shop.models import HookEvent, Item

bp = Blueprint("items", __name__)
router = APIRouter()
STATUSES = ("open", "closed")


class Status(StrEnum):
    OPEN = "open"
    CLOSED = "closed"


@bp.get("/items")
def search():
    words = request.args.get("q", "")
    # ruleid: query-injection-python-request
    db.session.execute(text(f"SELECT id FROM items WHERE title LIKE '%{words}%'"))
    title = request.args["title"]
    # ruleid: query-injection-python-request
    db.session.execute(text("SELECT id FROM items WHERE title = '" + title + "'"))
    sql = "SELECT id FROM items WHERE title = '%s'" % title
    # ruleid: query-injection-python-request
    db.session.execute(text(sql))
    # ok: query-injection-python-request
    db.session.execute(text("SELECT id FROM items WHERE title = :t"), {"t": words})
    # ok: query-injection-python-request
    db.session.execute(text(f"SELECT id FROM items LIMIT {int(request.args['limit'])}"))
    return {"q": words}


@bp.get("/direct")
def direct(cursor):
    # ruleid: query-injection-python-request
    cursor.execute(f"SELECT id FROM items WHERE title = '{request.args['title']}'")
    # ruleid: query-injection-python-request
    cursor.execute("DELETE FROM items WHERE title = '{}'".format(request.form.get("title")))
    # ok: query-injection-python-request
    cursor.execute(f"SELECT id FROM items WHERE page = {request.args.get('page', type=int)}")
    # ok: query-injection-python-request
    cursor.execute("SELECT id FROM items WHERE title = ?", (request.args["title"],))
    return {}


@bp.get("/converted")
def converted(cursor):
    page = request.args.get("page", 1, type=int)
    # ok: query-injection-python-request
    cursor.execute(f"SELECT id FROM items WHERE page = {page}")
    size = request.args.get("size", 20, int)
    # ok: query-injection-python-request
    cursor.execute(f"SELECT id FROM items WHERE size < {size}")
    owner = request.args["owner"]
    owner = int(owner)
    # ok: query-injection-python-request
    cursor.execute(f"SELECT id FROM items WHERE owner = {owner}")
    key = UUID(request.args["key"])
    # ok: query-injection-python-request
    cursor.execute(f"SELECT id FROM items WHERE key = '{key}'")
    when = int(request.args.get("when"))
    # ok: query-injection-python-request
    cursor.execute(f"SELECT id FROM items WHERE moment > {when}")
    title = request.args["title"]
    # ok: query-injection-python-request
    cursor.execute(f"SELECT id FROM items WHERE title = '{escape(title)}'")
    # ok: query-injection-python-request
    cursor.execute(f"SELECT id FROM items WHERE length = {len(title)}")
    return {}


@bp.get("/checked")
def checked(cursor):
    status = request.args.get("status", "open")
    if status not in STATUSES:
        abort(400)
    # ok: query-injection-python-request
    cursor.execute(f"SELECT id FROM items WHERE status = '{status}'")
    return {}


@bp.get("/checked/in")
def checked_in(cursor):
    status = request.args.get("status", "open")
    if status in STATUSES:
        # ok: query-injection-python-request
        cursor.execute(f"SELECT id FROM items WHERE status = '{status}'")
    return {}


@bp.get("/checked/digits")
def digits(cursor):
    key = request.args["key"]
    if not key.isdigit():
        abort(404)
    # ok: query-injection-python-request
    cursor.execute(f"SELECT id FROM items WHERE id = {key}")
    name = request.args["name"]
    if not re.fullmatch("[a-z]+", name):
        abort(404)
    # ok: query-injection-python-request
    cursor.execute(f"SELECT id FROM items WHERE name = '{name}'")
    return {}


@bp.get("/chosen")
def chosen(cursor):
    order = request.args.get("order", "title")
    column = {"title": "title", "price": "price"}.get(order, "title")
    # ok: query-injection-python-request
    cursor.execute(f"SELECT id FROM items WHERE {column} = 1 ORDER BY {column}")
    order = "title" if order == "title" else "price"
    # ok: query-injection-python-request
    cursor.execute(f"SELECT id FROM items WHERE '{order}' = 1")
    return {}


# no SQL
@bp.get("/elsewhere")
async def elsewhere(client: AsyncHTTPClient):
    words = request.args.get("q", "")
    # ok: query-injection-python-request
    await client.fetch(f"https://search.example/where?name={words}&select=name")
    # ok: query-injection-python-request
    console.text(f"select items where title = '{words}'")
    # ok: query-injection-python-request
    command_bus.execute(f"update prices = '{words}'")
    # ok: query-injection-python-request
    AddItem().execute(f"{words} and more = '{words}'")
    return {}


@bp.get("/case")
def run_use_case(case):
    slug = request.match_info["slug"]
    # ok: query-injection-python-request
    return case.execute(dict(slug=slug))


@router.get("/rows")
async def rows(title: str, limit: int = 20, session: Session = Depends(get_session)):
    # ruleid: query-injection-python-handler
    session.execute(text(f"SELECT id FROM items WHERE title = '{title}'"))
    # ok: query-injection-python-handler
    session.execute(text(f"SELECT id FROM items WHERE price > {limit}"))
    # ok: query-injection-python-handler
    return session.execute(text("SELECT id FROM items WHERE title = :title"), {"title": title}).all()


@router.get("/words")
def by_words(q: str | None = None, session: Session = Depends(get_session)):
    statement = f"SELECT id FROM items WHERE title LIKE '%{q}%'"
    # ruleid: query-injection-python-handler
    return session.execute(text(statement)).all()


@bp.get("/items/<name>")
def by_name(name):
    # ruleid: query-injection-python-handler
    return db.session.execute(text("SELECT id FROM items WHERE name = '%s'" % name)).all()


@bp.get("/items/<int:key>")
def by_key(key):
    # ok: query-injection-python-handler
    return db.session.execute(text(f"SELECT id FROM items WHERE id = {key}")).all()


@bp.get("/items/<uuid:key>/parts")
def parts(key):
    # ok: query-injection-python-handler
    return db.session.execute(text(f"SELECT id FROM parts WHERE item = '{key}'")).all()


@router.get("/status/{status}")
def by_status(status: Status, kind: Literal["new", "old"], session: Session = Depends(get_session)):
    # ok: query-injection-python-handler
    session.execute(text(f"SELECT id FROM items WHERE kind = '{kind}'"))
    # ok: query-injection-python-handler
    return session.execute(text(f"SELECT id FROM items WHERE status = '{status}'")).all()


@router.get("/pattern")
def by_pattern(
    name: str = Query(pattern="^[a-z]+$"),
    code: Annotated[str, Query(pattern="^[a-z]+$")] = "a",
    session: Session = Depends(get_session),
):
    # ok: query-injection-python-handler
    session.execute(text(f"SELECT id FROM items WHERE code = '{code}'"))
    # ok: query-injection-python-handler
    return session.execute(text(f"SELECT id FROM items WHERE name = '{name}'")).all()


@router.get("/checked")
def by_choice(status: str, session: Session = Depends(get_session)):
    if status not in STATUSES:
        return []
    # ok: query-injection-python-handler
    return session.execute(text(f"SELECT id FROM items WHERE status = '{status}'")).all()


@router.get("/optional")
def optional(q: str = Query(None, max_length=20), session: Session = Depends(get_session)):
    # ruleid: query-injection-python-handler
    conditions = [text(f"items.title LIKE '%{q}%'")]
    # ok: query-injection-python-handler
    conditions.append(text("items.title LIKE :q").bindparams(q=q))
    return session.execute(select(Item).where(*conditions)).all()


@router.get("/sorted")
def in_order(column: str, session: Session = Depends(get_session)):
    # ok: query-injection-python-handler
    return session.execute(text(f"SELECT id FROM items WHERE id = :key ORDER BY {column}"), {"key": 1})


@router.get("/given")
def given(tenant: str = Depends(get_session), session: Session = Depends(get_session)):
    # ok: query-injection-python-handler
    return session.execute(text(f"SELECT id FROM items WHERE tenant = '{tenant}'")).all()


# who calls these with what is not seen here: a warning
def by_title(session, words: str | None = None, limit: int = 20):
    statement = select(Item)
    if words is not None:
        # ruleid: query-injection-python
        statement = statement.where(text(f"items.title LIKE '%{words}%'"))
    # ok: query-injection-python
    statement = statement.where(text("items.title LIKE :words").bindparams(words=words))
    # ok: query-injection-python
    session.execute(text(f"SELECT id FROM items WHERE price > {limit}"))
    return statement


def by_owner(cursor, owner, table, limit):
    sql = "SELECT id FROM items WHERE owner = '%s'" % owner
    # ruleid: query-injection-python
    cursor.execute(sql)
    # ruleid: query-injection-python
    cursor.execute("SELECT id FROM items WHERE owner = '" + owner + "'")
    # ok: query-injection-python
    cursor.execute("SELECT id FROM items WHERE owner = ?", (owner,))
    # ok: query-injection-python
    cursor.execute(f"SELECT count(*) FROM {table}")
    # ok: query-injection-python
    cursor.execute(f"SELECT id FROM items WHERE price > {limit}")
    # ok: query-injection-python
    cursor.execute("SELECT id FROM items WHERE owner = '%s'" % int(owner))


def next_key(session, sequence: str, kind: str):
    # ok: query-injection-python
    session.execute(text(f"SELECT nextval('{sequence}')"))
    if kind not in STATUSES:
        raise ValueError(kind)
    # ok: query-injection-python
    session.execute(text(f"SELECT id FROM items WHERE kind = '{kind}'"))


async def endpoints_of(session, *, event: HookEvent):
    # ok: query-injection-python
    return await session.execute(text(f"SELECT id FROM hooks WHERE events @> '[\"{event}\"]'"))


def mailed(client, name: str):
    # ok: query-injection-python
    client.execute(f"Please select one, {name} = '{name}'")


def tagged(session, tag: str):
    tag = session.escape(tag)
    # ok: query-injection-python
    return session.execute(text(f"SELECT id FROM items WHERE tag = '{tag}'"))


@db.listens_for(Item, "load")
def loaded(sequence: str, session: Session):
    # ok: query-injection-python-handler
    session.execute(text(f"SELECT setval('{sequence}', 1)"))
