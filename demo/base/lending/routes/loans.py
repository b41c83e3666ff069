from datetime import date

from flask import Blueprint, current_app, jsonify, request

from lending.services.lending import LendingService

blueprint = Blueprint("loans", __name__)


def lending() -> LendingService:
    return current_app.extensions["lending"]


@blueprint.post("/loans")
def lend():
    body = request.get_json()
    loan = lending().lend(body["book_id"], body["member_id"], date.today())
    return jsonify(loan={"id": loan.id, "due": loan.due.isoformat()}), 201


@blueprint.delete("/loans/<int:loan_id>")
def take_back(loan_id: int):
    lending().take_back(loan_id, date.today())
    return "", 204
