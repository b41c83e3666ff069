from flask import Flask, jsonify, request

from shop import items

app = Flask(__name__)


@app.post("/items")
def created():
    return jsonify(id=items.add(request.form["name"]))


@app.delete("/items/<int:number>")
def deleted(number):
    items.remove(number)
    return "", 204
