from flask import Blueprint, jsonify

orders = Blueprint("orders", __name__)


@orders.get("/orders")
def index():
    return jsonify([])
