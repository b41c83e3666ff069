from flask import Flask, jsonify, request

app = Flask(__name__)


@app.route("/orders", methods=["GET"])
@app.route("/orders/new", methods=["POST"])
def orders():
    if request.method == "POST":
        return jsonify({}), 201
    return jsonify([])


@app.before_request
def check():
    if request.method == "DELETE":
        return jsonify({}), 403
    return None
