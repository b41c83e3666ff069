from flask import Blueprint, abort, jsonify, request

from club import services

bp = Blueprint("club", __name__)


@bp.post("/members")
def join():
    member = services.join(request.get_json()["name"])
    return jsonify({"name": member.name}), 201
