from flask import Flask, jsonify, request

from shop import payloads

app = Flask(__name__)


@app.route("/users")  # expect: framework/flask-missing-methods
def register():
    return jsonify(payloads.body()), 201


@app.route("/sign-in")  # expect: framework/flask-missing-methods
def sign_in():
    if request.method == "POST":
        return request.form["name"]
    return "form"
