from flask import Blueprint, jsonify
from sqlalchemy import text

from shop.db import SessionLocal

bp = Blueprint("items", __name__)


@bp.get("/items")
def items():
    with SessionLocal() as session:
        return jsonify([row[0] for row in session.execute(text("SELECT name FROM items"))])
