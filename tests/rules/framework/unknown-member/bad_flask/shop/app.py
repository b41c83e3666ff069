from flask import Flask, jsonify, request

app = Flask(__name__)


@app.post("/orders")
def add_order():
    return jsonify(request.json()), 201  # expect: framework/unknown-member


@app.get("/orders")
def list_orders():
    return jsonify({"page": request.query_params.get("page")})  # expect: framework/unknown-member
