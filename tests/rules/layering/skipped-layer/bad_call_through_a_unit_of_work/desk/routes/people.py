from flask import Blueprint, jsonify

from desk.container import person_service, unit_of_work
from desk.services.people import PersonService

blueprint = Blueprint("people", __name__)


def service() -> PersonService:
    return person_service()


@blueprint.get("/people/<int:person_id>")
def show_person(person_id: int):
    return jsonify(service().name_of(person_id))


@blueprint.get("/people/named/<name>")
def named(name: str):
    with unit_of_work() as work:
        person = work.people.named(name)  # expect: layering/skipped-layer
    return jsonify(person.id if person else None)
