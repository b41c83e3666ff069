from flask import Flask, jsonify

from shop import catalogue

app = Flask(__name__)


@app.get("/books/<int:number>")
def show(number):
    return jsonify(catalogue.title(number))
