from flask import Flask, jsonify

from shop import items

app = Flask(__name__)


@app.get("/items/<int:number>")
def read(number):
    return jsonify(items.read(number))


@app.get("/items")
def listed():
    return jsonify(items.listed())
