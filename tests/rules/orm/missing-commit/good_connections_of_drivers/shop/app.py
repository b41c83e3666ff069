from flask import Flask, g, jsonify, request

from shop import items, notes

app = Flask(__name__)


@app.post("/items")
def created():
    items.add(request.form["name"])
    items.add_quickly(request.form["name"])
    items.add_in_block(request.form["name"])
    return "", 204


@app.post("/notes")
async def noted():
    await notes.add(request.form["text"])
    await notes.add_two(request.form["text"])
    return "", 204


@app.get("/items")
def listed():
    return jsonify(items.listed())
