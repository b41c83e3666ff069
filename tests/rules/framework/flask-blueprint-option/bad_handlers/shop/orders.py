from flask import Blueprint

from shop.errors import NotFound

orders = Blueprint("orders", __name__)


@orders.get("/orders")
def index():
    raise NotFound
