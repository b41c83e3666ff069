from flask import Flask, request

app = Flask(__name__)


def payload():
    return request.get_json()


@app.post("/orders")
def create():
    return {"item": payload()["item"]}, 201


@app.delete("/orders")
def cancel_several():
    return {"cancelled": request.json["ids"]}


@app.route("/notes/<name>", methods=["GET", "PUT"])
def note(name):
    if request.method == "GET":
        return {"name": name}
    return {"text": request.get_json()["text"]}


@app.route("/search", methods=["GET", "POST"])
def search():
    data = request.get_json()
    return {"found": data["words"]}
