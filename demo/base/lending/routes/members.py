from flask import Blueprint, current_app, jsonify, request

from lending.models import Member
from lending.services.lending import LendingService
from lending.services.members import MemberService

blueprint = Blueprint("members", __name__)


def members() -> MemberService:
    return current_app.extensions["members"]


def lending() -> LendingService:
    return current_app.extensions["lending"]


def member_json(member: Member) -> dict[str, object]:
    return {"id": member.id, "name": member.name}


@blueprint.post("/members")
def join():
    return jsonify(member=member_json(members().join(request.get_json()["name"]))), 201


@blueprint.get("/members/<int:member_id>")
def show_member(member_id: int):
    return jsonify(member=member_json(members().member(member_id)))


@blueprint.get("/members/<int:member_id>/loans")
def open_loans(member_id: int):
    member = members().member(member_id)
    loans = lending().open_loans(member.id, limit=50)
    return jsonify(
        loans=[
            {"id": loan.id, "title": loan.book.title, "due": loan.due.isoformat()}
            for loan in loans
        ]
    )
