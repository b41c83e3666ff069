from flask import Flask, jsonify, request

from shop import payloads

app = Flask(__name__)


@app.route("/users", methods=["POST"])
def register():
    return jsonify(payloads.body()), 201


@app.route("/users")
def users():
    return jsonify(payloads.wanted())


@app.post("/sign-in")
def sign_in():
    return request.form["name"]
