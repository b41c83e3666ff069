from flask import Blueprint, jsonify

orders = Blueprint("orders", __name__)


@orders.errorhandler(KeyError)
def not_found(error):
    return jsonify(error=str(error)), 404


@orders.get("/orders")
def index():
    raise KeyError("orders")
