from flask import Blueprint, current_app, request

views = Blueprint("views", __name__)
PAGE = current_app.config["PAGE"]  # expect: framework/flask-context-misuse error


class Paging:
    size = int(request.args.get("size", PAGE))  # expect: framework/flask-context-misuse


@views.get("/")
def index(limit=request.args.get("limit")):  # expect: framework/flask-context-misuse
    return {"limit": limit}
