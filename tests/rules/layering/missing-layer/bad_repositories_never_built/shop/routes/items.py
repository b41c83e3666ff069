from flask import Blueprint

from shop.services.items import names

blueprint = Blueprint("items", __name__)


@blueprint.get("/items")
def items():
    return names()
