from flask import Blueprint

blueprint = Blueprint("items", __name__)


@blueprint.get("/items")
def items():
    return ""
