from flask import Blueprint, jsonify

bp = Blueprint("bees", __name__)


@bp.get("/bees")  # expect: framework/unmounted-router
def all_bees():
    return jsonify([])
