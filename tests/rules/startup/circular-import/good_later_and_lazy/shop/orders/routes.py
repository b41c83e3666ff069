from flask import Blueprint, jsonify, request

from shop.orders import service

orders = Blueprint("orders", __name__)


@orders.get("/orders")
def index():
    return jsonify(service.page(request.args.get("tag")))
