from flask import Flask, g, jsonify

from shop.context import user_id

app = Flask(__name__)


@app.before_request
def load():
    g.user_id = 1


@app.get("/users")
def users():
    return jsonify(user_id())
