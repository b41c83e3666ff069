from flask import Blueprint, jsonify
from sqlalchemy import text

from shop import db
from shop.db import engine, new_session

bp = Blueprint("items", __name__)


@bp.get("/items")
def items():
    with new_session() as session, db.SessionLocal() as other:
        other.execute(text("SELECT 1"))
        return jsonify([row[0] for row in session.execute(text("SELECT name FROM items"))])


@bp.get("/health")
def health():
    if engine is None:
        return jsonify(database="not asked for")
    return jsonify(database=engine.url.drivername)
