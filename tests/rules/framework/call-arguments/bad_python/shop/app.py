from flask import Flask, jsonify, request

from shop import mail
from shop.orders import Order, OrderRepository
from shop.service import OrderService

app = Flask(__name__)
service = OrderService(OrderRepository("orders.db"))  # expect: any/call-arguments


@app.get("/orders")
def orders():
    return jsonify(service.page(request.args.get("kind"), 20))


@app.post("/orders")
def place():
    order = Order("apples", weight=3)  # expect: any/call-arguments
    service.place(order)
    mail.confirm(order, "shop@example.org")  # expect: any/call-arguments
    return jsonify({}), 201
