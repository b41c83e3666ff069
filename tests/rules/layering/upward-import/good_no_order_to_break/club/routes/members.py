from flask import Blueprint, jsonify

from club.services.members import MemberService

members = Blueprint("members", __name__)


@members.get("/members/<int:number>")
def show(number: int):
    return jsonify(MemberService().badge(number))
