from flask import Blueprint, jsonify

users = Blueprint("users", __name__, url_prefix="/users")


@users.get("/<name>")
def show(name):
    return jsonify(name)
