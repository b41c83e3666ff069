from flask import jsonify

from garage.controllers.base import Page
from garage.planning.services import free_days


class Appointment(Page):
    """When a car can come in for its service."""

    path = "/service/days"

    def answer(self):
        return jsonify(days=free_days())
