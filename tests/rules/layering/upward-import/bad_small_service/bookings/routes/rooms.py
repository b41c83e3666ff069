from flask import Blueprint, jsonify

from bookings.services.rooms import RoomService

blueprint = Blueprint("rooms", __name__)


@blueprint.get("/rooms/<name>")
def show(name: str):
    return jsonify(RoomService().seats(name))
