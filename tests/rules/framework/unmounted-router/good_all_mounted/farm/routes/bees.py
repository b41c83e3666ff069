from flask import Blueprint, jsonify

bp = Blueprint("bees", __name__)


@bp.get("/bees")
def all_bees():
    return jsonify([])
