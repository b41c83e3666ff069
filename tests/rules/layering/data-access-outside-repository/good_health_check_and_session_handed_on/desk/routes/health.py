from flask import Blueprint, current_app
from sqlalchemy import text

from desk.repositories.people import PersonRepository

blueprint = Blueprint("health", __name__)


@blueprint.get("/health")
def health():
    with current_app.extensions["sessions"]() as session:
        session.execute(text("SELECT 1"))
    return "ok"


def repository(session) -> PersonRepository:
    return PersonRepository(session)
