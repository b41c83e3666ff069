from flask import Blueprint, jsonify

from garage.planning.services import free_days
from garage.storage.repositories import cars_of

blueprint = Blueprint("cars", "garage")


@blueprint.get("/cars")
def listed():
    return jsonify(cars=cars_of(), days=free_days())
