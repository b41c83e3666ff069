from flask import Flask, jsonify, request

from shop.books import lent_to

app = Flask(__name__)


@app.get("/books")
def books():
    return jsonify(lent_to(request.args.get("user"), request.args.get("writer")))
