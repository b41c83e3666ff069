from flask import Blueprint

from shop.db import Session
from shop.repositories.items import ItemRepository
from shop.repositories.reports import ReportRepository

bp = Blueprint("items", __name__)


@bp.get("/items")
def items():
    with Session() as session:
        ItemRepository(session).touch()
        return [item.id for item in ItemRepository(session).all()]


@bp.get("/report")
def report():
    with Session() as session:
        return [tuple(row) for row in ReportRepository(session).by_stock()]
