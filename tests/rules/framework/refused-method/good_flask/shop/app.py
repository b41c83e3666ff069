from flask import Flask, jsonify, request

app = Flask(__name__)


@app.route("/orders", methods=["GET"])
@app.route("/orders/new", methods=["POST"])
def orders():
    if request.method == "POST":
        return jsonify({}), 201
    return jsonify([])


def moved():
    if request.method == "POST":
        return jsonify({}), 308
    return jsonify({}), 301


app.add_url_rule("/old", "old", moved)
for name in ("older", "oldest"):
    app.add_url_rule(f"/{name}", name, moved, methods=["GET", "POST"])


@app.before_request
def check():
    if request.method == "DELETE":
        return jsonify({}), 403
    return None
