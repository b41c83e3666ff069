from flask import Blueprint, current_app, jsonify
from sqlalchemy import text

from desk.container import person_service
from desk.services.people import PersonService

blueprint = Blueprint("people", __name__)


def service() -> PersonService:
    return person_service()


@blueprint.get("/people/<int:person_id>")
def show_person(person_id: int):
    return jsonify(service().name_of(person_id))


@blueprint.get("/people/count")
def count_people():
    with current_app.extensions["sessions"]() as session:
        total = session.scalar(text("SELECT COUNT(*) FROM people"))  # expect: layering/data-access-outside-repository error
    return jsonify(total)
