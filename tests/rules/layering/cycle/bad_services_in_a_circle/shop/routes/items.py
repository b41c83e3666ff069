from flask import Blueprint

from shop.billing.services.bills import bill

blueprint = Blueprint("items", __name__)


@blueprint.get("/items")
def items():
    return bill()
