from flask import Flask, send_from_directory

app = Flask(__name__)


@app.get("/locks/<int:id>")
def one(id):
    return {"id": id}


@app.delete("/locks/<int:id>")
def remove(id):
    return "", 204


@app.get("/<path:page>")
def pages(page):
    return send_from_directory("pages", "index.html")
