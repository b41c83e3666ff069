from flask import Blueprint, Flask, g, request

api = Blueprint("api", __name__)


@api.before_request
def load():
    if request.method in ("POST", "PUT"):
        g.body = request.get_json()


def fields(*names):
    return {name: g.body[name] for name in names}


@api.get("/orders")
def index():
    return []


@api.post("/orders")
def create():
    return fields("item", "count"), 201


@api.put("/orders/<int:id>")
def update(id):
    return {"id": id, **g.get("body")}


app = Flask(__name__)
app.register_blueprint(api)
