from flask import Blueprint, abort, jsonify, request

from club import services

bp = Blueprint("club", __name__)


@bp.post("/members")
def join():
    member = services.join(request.get_json()["name"])
    return jsonify({"name": member.name}), 201


@bp.post("/members/<int:number>/lock")
def lock(number):
    return jsonify({"state": services.lock(number).state})


@bp.delete("/members/<int:number>")
def leave(number):
    services.leave(number)
    return "", 204


@bp.post("/members/<int:number>/show")
def show(number):
    return jsonify({"note": services.shown(number).note})


@bp.get("/members/<int:number>")
def read(number):
    member = services.titled(number)
    if member is None:
        abort(404)
    return jsonify({"name": member.name})


@bp.post("/members/unique")
def join_unique():
    return jsonify({"name": services.join_unique(request.get_json()["name"]).name})


@bp.post("/members/all")
def join_all():
    services.join_all(request.get_json()["names"])
    return "", 204
