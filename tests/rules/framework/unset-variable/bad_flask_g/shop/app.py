from flask import Flask, jsonify

from shop.context import signed_in, user_id

app = Flask(__name__)


@app.get("/orders")
@signed_in
def orders():
    return jsonify(user_id())


@app.get("/users")
def users():  # expect: framework/unset-variable
    return jsonify(user_id())
