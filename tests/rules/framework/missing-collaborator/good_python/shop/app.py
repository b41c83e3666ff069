from flask import Flask, jsonify

from shop.services import Base, Extension, Lazy, Reader, Strict

app = Flask(__name__)
extension = Extension()
extension.init_app(app)
lazy = Lazy()
strict = Strict(None)
reader = Reader(store=Base())
given = {}
spread = Reader(**given)


@app.get("/")
def show():
    return jsonify(extension.find(), lazy.find(), strict.find(), reader.find(), spread.find())
