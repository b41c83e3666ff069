from flask import Blueprint, jsonify

bp = Blueprint("hens", __name__)


@bp.get("/hens")
def all_hens():
    return jsonify([])
