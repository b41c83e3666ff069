from functools import wraps

import requests
from flask import Blueprint, abort, jsonify, request

from club import services

bp = Blueprint("club", __name__)
web = requests.Session()


def signed_in(view):
    @wraps(view)
    def around(*args, **kwargs):
        if not request.headers.get("X-Key"):
            abort(401)
        return view(*args, **kwargs)

    return around


@bp.post("/members")
@signed_in
def join():
    member = services.join(request.get_json()["name"])
    return jsonify({"name": member.name}), 201


@bp.post("/members/<int:number>/lock")
@signed_in
def lock(number):
    member = services.lock(number)
    web.post("https://hooks.example.org/locked", json={"id": number}, timeout=5)
    return jsonify({"state": member.state})


@bp.delete("/members/<int:number>")
@signed_in
def leave(number):
    services.leave(number)
    return "", 204
