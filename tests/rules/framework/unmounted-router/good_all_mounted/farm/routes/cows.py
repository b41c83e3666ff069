from flask import Blueprint, jsonify

bp = Blueprint("cows", __name__)


@bp.get("/cows")
def all_cows():
    return jsonify([])
