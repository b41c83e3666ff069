from flask import Blueprint

from shop.guards import staff_only

views = Blueprint("views", __name__)


@views.get("/orders")
@staff_only
def list_orders():
    return []


@views.get("/customers")
@staff_only
def list_customers():
    return []
