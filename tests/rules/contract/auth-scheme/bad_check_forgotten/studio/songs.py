from flask import Blueprint, jsonify

from studio.access import login_required

blueprint = Blueprint("songs", __name__)


@blueprint.get("/songs")
def songs():
    return jsonify([])


@blueprint.post("/songs")
@login_required
def add_song():
    return jsonify({}), 201


@blueprint.get("/songs/<int:number>")
def song(number):
    return jsonify({"id": number})


@blueprint.put("/songs/<int:number>")
@login_required
def change(number):
    return jsonify({"id": number})


@blueprint.delete("/songs/<int:number>")  # expect: contract/auth-scheme
def remove(number):
    return "", 204


@blueprint.get("/songs/<int:number>/takes")
def takes(number):
    return jsonify([])


@blueprint.post("/songs/<int:number>/takes")
@login_required
def add_take(number):
    return jsonify({}), 201


@blueprint.get("/me")
@login_required
def me():
    return jsonify({})
