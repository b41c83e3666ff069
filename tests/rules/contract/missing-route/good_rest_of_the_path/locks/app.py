import requests
from flask import Flask

app = Flask(__name__)


@app.get("/locks/<int:id>")
def one(id):
    return {"id": id}


@app.delete("/locks/<int:id>")
def remove(id):
    return "", 204


@app.route("/locks/<int:id>/<path:rest>", methods=["GET", "PUT"])
def forward(id, rest):
    return requests.get(f"http://door.test/{id}/{rest}", timeout=5).json()
