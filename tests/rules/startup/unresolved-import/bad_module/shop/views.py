from flask import Blueprint

from .service import order_service  # expect: startup/unresolved-import error
from shop.repositories.orders import OrderRepository  # expect: startup/unresolved-import error

views = Blueprint("views", __name__)


@views.get("/orders")
def index():
    from shop.services.order_service import list_orders  # expect: startup/unresolved-import error

    return list_orders(OrderRepository(), order_service)
