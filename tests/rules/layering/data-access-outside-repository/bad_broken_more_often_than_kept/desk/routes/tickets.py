from flask import Blueprint, jsonify

from desk.container import ticket_service
from desk.services.tickets import TicketService

blueprint = Blueprint("tickets", __name__)


def service() -> TicketService:
    return ticket_service()


@blueprint.get("/tickets")
def list_tickets():
    return jsonify(service().open(20))
