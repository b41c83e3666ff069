from flask import Flask, jsonify

from shop import payloads

app = Flask(__name__)


@app.get("/search")
def search():
    return jsonify(payloads.body())


@app.route("/find")
@app.route("/search", methods=["POST"])
def find():
    return jsonify(payloads.body())


@app.route("/orders")
def orders():
    return jsonify(payloads.body() or payloads.wanted())


@app.route("/orders", methods=["POST"])
def order():
    return jsonify(payloads.body())
