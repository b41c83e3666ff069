from flask import Blueprint

blueprint = Blueprint("goods", __name__)


def label(number: int) -> str:
    return f"#{number}"


@blueprint.get("/goods")
def goods():
    return label(1)
