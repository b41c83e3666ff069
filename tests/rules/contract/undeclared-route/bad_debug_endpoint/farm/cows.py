from flask import Blueprint

blueprint = Blueprint("cows", __name__)


@blueprint.route("", methods=["GET", "POST"])
def cows():
    return {"cows": []}


@blueprint.route("/<int:number>", methods=["GET", "PUT", "PATCH"])
def cow(number):
    return {"id": number}


@blueprint.post("/reset")  # expect: contract/undeclared-route
def reset():
    return {"cows": []}
