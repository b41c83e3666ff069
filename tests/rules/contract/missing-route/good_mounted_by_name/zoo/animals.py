from flask import Blueprint

blueprint = Blueprint("animals", __name__, url_prefix="/animals")


@blueprint.get("")
def animals():
    return {"animals": []}


@blueprint.get("/<int:number>")
def animal(number):
    return {"animal": number}
