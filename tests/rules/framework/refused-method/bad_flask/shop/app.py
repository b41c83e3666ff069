from flask import Flask, jsonify, request

app = Flask(__name__)


@app.route("/orders", methods=["GET"])
def orders():
    if request.method == "POST":  # expect: framework/refused-method
        return jsonify({}), 201
    return jsonify([])


@app.route("/tags", methods=["GET", "POST"])
def tags():
    if request.method == "post":  # expect: framework/refused-method
        return jsonify({}), 201
    return jsonify([])
