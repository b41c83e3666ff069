from flask import Flask, jsonify, request

from shop.requests import ShopRequest

app = Flask(__name__)
app.request_class = ShopRequest


@app.get("/orders")
def orders():
    return jsonify({"page": request.params["page"]})
