from flask import Blueprint, jsonify

from desk.container import person_service
from desk.services.people import PersonService

blueprint = Blueprint("people", __name__)


def service() -> PersonService:
    return person_service()


@blueprint.get("/people/<int:person_id>")
def show_person(person_id: int):
    return jsonify(service().name_of(person_id))
