from flask import Flask, jsonify, request

from shop.items import sorted_by

app = Flask(__name__)


@app.get("/items")
def listed():
    return jsonify(sorted_by(request.args.get("sort", "id"), request.args.get("dir")))
