from flask import Blueprint, jsonify

from harbour.container import gateway, mooring

bp = Blueprint("berths", __name__)


@bp.get("/berths")
def berths():
    return jsonify(mooring.berths())


@bp.get("/ships")
def ships():
    return jsonify(gateway.value("SELECT count(*) FROM ships"))  # expect: layering/data-access-outside-repository
