from flask import Flask, jsonify, request

from shop.favorites import counts

app = Flask(__name__)


@app.get("/counts")
def index():
    return jsonify(counts(request.args.getlist("id", type=int)))
