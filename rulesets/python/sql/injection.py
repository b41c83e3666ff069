from uuid import UUID

from flask import request
from sqlalchemy import select, text

from shop.models import Item


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


def by_owner(cursor, owner, table):
    sql = "SELECT id FROM items WHERE owner = '%s'" % owner
    # ruleid: query-injection-python
    cursor.execute(sql)
    # ruleid: query-injection-python
    cursor.execute("SELECT id FROM items WHERE owner = '" + owner + "'")
    # ruleid: query-injection-python
    cursor.execute("SELECT id FROM items WHERE owner = '{}'".format(owner))
    # ok: query-injection-python
    cursor.execute("SELECT id FROM items WHERE owner = ?", (owner,))
    # ok: query-injection-python
    cursor.execute(f"SELECT count(*) FROM {table}")
    # ok: query-injection-python
    cursor.execute("SELECT id FROM items WHERE owner = '%s'" % int(owner))


def order_by(session, column: str, key: UUID):
    # ok: query-injection-python
    return session.execute(text(f"SELECT id FROM items WHERE id = :key ORDER BY {column}"), {"key": key})


def search(session):
    words = request.args.get("q", "")
    # ruleid: query-injection-python-request
    session.execute(text(f"SELECT id FROM items WHERE title LIKE '%{words}%'"))
    title = request.args["title"]
    # ruleid: query-injection-python-request
    session.execute(text("SELECT id FROM items WHERE title = '" + title + "'"))
    # ok: query-injection-python-request
    session.execute(text("SELECT id FROM items WHERE title = :t"), {"t": words})
    # ok: query-injection-python-request
    session.execute(text(f"SELECT id FROM items LIMIT {int(request.args['limit'])}"))


def run_use_case(case):
    slug = request.match_info["slug"]
    # ok: query-injection-python-request
    return case.execute(dict(slug=slug))


async def endpoints_of(session, *, event: WebhookEvent):
    # ok: query-injection-python
    return await session.execute(text(f"SELECT id FROM hooks WHERE events @> '[\"{event}\"]'"))


async def titled(session, *, title: Optional[str] = None):
    # ruleid: query-injection-python
    return await session.execute(text(f"SELECT id FROM hooks WHERE title = '{title}'"))
