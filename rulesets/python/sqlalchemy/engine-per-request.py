import os
from unittest import mock

from fastapi import APIRouter
from flask import Flask, current_app, g
from sqlalchemy import create_engine, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from shop.games import chess
from shop.settings import Dsn, cache, settings

app = Flask(__name__)
router = APIRouter()
# ok: orm-engine-per-request
engine = create_engine("sqlite:///shop.db")


@app.route("/items")
def items():
    # ruleid: orm-engine-per-request
    with Session(create_engine("sqlite:///shop.db")) as session:
        return {"items": session.info}


@app.get("/orders")
async def orders():
    # ruleid: orm-engine-per-request
    own = create_engine(settings.database_url, echo=True)
    return {"orders": str(own.url)}


@router.post("/members")
async def members():
    # ruleid: orm-engine-per-request
    own = create_async_engine(os.environ["DATABASE_URL"])
    async with own.begin() as connection:
        return (await connection.execute(text("SELECT 1"))).scalar()


@app.cli.command("create")
def create():
    # ok: orm-engine-per-request
    return create_engine("sqlite:///shop.db")


# another database for each request, and nothing kept open
@router.post("/connections/check")
def check(dsn: Dsn):
    # ok: orm-engine-per-request
    other = create_engine(dsn.url)
    with other.connect() as connection:
        connection.execute(text("SELECT 1"))
    return {}


@router.get("/report")
def report():
    # ok: orm-engine-per-request
    own = create_engine(settings.report_url)
    try:
        return own.connect().execute(text("SELECT 1")).scalar()
    finally:
        own.dispose()


@router.get("/unpooled")
def unpooled():
    # ok: orm-engine-per-request
    own = create_engine(settings.report_url, poolclass=NullPool)
    return own.connect().execute(text("SELECT 1")).scalar()


# made once, when it is first asked for
@app.get("/lazy")
def lazy():
    if "engine" not in current_app.extensions:
        # ok: orm-engine-per-request
        current_app.extensions["engine"] = create_engine(settings.database_url)
    global engine
    if engine is None:
        # ok: orm-engine-per-request
        engine = create_engine(settings.database_url)
    return {}


@app.get("/given")
def given():
    g.engine = getattr(g, "engine", None) or engine
    # ok: orm-engine-per-request
    return {"engine": str(g.engine.url)}


# other things of these names
@router.get("/game")
def game():
    # ok: orm-engine-per-request
    return chess.create_engine("stockfish").name


@cache.get("engine")
def made():
    # ok: orm-engine-per-request
    return create_engine("sqlite:///shop.db")


@mock.patch("shop.settings.cache")
def test_items(cache):
    # ok: orm-engine-per-request
    assert create_engine("sqlite:///shop.db").url
