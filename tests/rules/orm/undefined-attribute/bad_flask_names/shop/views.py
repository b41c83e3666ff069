from flask import Blueprint, jsonify, request

from shop.services import UserService

bp = Blueprint("users", __name__)
service = UserService()


@bp.get("/users/<int:user_id>")
def profile(user_id):
    return jsonify(service.profile(user_id))


@bp.put("/users/<int:user_id>")
def rename(user_id):
    data = request.get_json()
    return jsonify(service.rename(user_id, data["name"], data["bio"]).to_dict())
