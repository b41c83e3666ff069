from flask import Blueprint, Flask, abort, g, request

shelves = Blueprint("shelves", __name__, url_prefix="/shelves")
boxes = Blueprint("boxes", __name__, url_prefix="/boxes")
rest = Blueprint("rest", __name__)


def login_needed():
    if request.method == "GET":
        return
    if "Authorization" not in request.headers:
        raise PermissionError
    g.login = request.headers["Authorization"]


boxes.before_request(login_needed)


@shelves.get("")
def all_shelves():
    return []


@shelves.post("")
def add_shelf():
    login_needed()
    return {"by": g.login}


@shelves.get("/<int:id>")
def shelf(id):
    return {}


@shelves.delete("/<int:id>")
def remove_shelf(id):
    login_needed()
    return {"by": g.login}


@boxes.get("")
def all_boxes():
    return []


@boxes.post("")
def add_box():
    return {"by": g.login}


@rest.get("/status")
def status():
    return {}


@rest.get("/about")
def about():
    return {}


app = Flask(__name__)
app.register_blueprint(shelves)
app.register_blueprint(boxes)
app.register_blueprint(rest)
