import sqlite3

from flask import Flask, request

from shop.store import Jobs, Store

app = Flask(__name__)
app.config["DATABASE"] = sqlite3.connect


@app.get("/items")
def items():
    return {"items": Store(app.extensions["cursors"].take()).find(request.args["name"])}


@app.get("/jobs")
def jobs():
    return Jobs(app.extensions["jobs"].take()).start(request.args["name"])
