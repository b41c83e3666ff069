from flask import Blueprint, abort, jsonify, request

from club import services
from club.forms import NoteForm

bp = Blueprint("club", __name__)


@bp.post("/members")
def join():
    member = services.join(request.get_json()["name"])
    return jsonify({"name": member.name}), 201


@bp.delete("/members/<int:number>")
def leave(number):
    if not services.leave(number):
        abort(404)
    return "", 204


@bp.post("/members/<int:number>/lock")
def lock(number):
    member = services.lock(number)
    if member is None:
        abort(404)
    return jsonify({"state": member.state})


@bp.post("/members/import")
def import_all():
    services.import_all(request.get_json()["names"])
    return "", 204


@bp.put("/members/<int:number>")
def rename(number):
    services.rename(number, request.get_json()["name"])
    return "", 204


@bp.route("/members/<int:number>/note", methods=["GET", "POST"])
def note(number):
    form = NoteForm()
    member = services.found(number)
    if form.validate_on_submit():
        member.note = form.note.data  # expect: orm/missing-commit
        services.keep(member)
    return jsonify({"note": member.note})
