import functools

from flask import Flask
from flask.views import MethodView
from flask_login import login_required

app = Flask(__name__)


def load_order(view):
    @functools.wraps(view)
    def inner(id, **kwargs):
        return view(order={"id": id}, **kwargs)

    return inner


@app.get("/orders/<id>")
@load_order
def show(order):
    return order


@app.get("/orders", defaults={"page": 1})
@app.get("/orders/page/<int:page>")
def index(page):
    return {"page": page}


@app.get("/customers")
@app.get("/customers/<name>")
@login_required
def customers(name=None):
    return {"name": name}


@app.get("/any/<a>/<b>")
def anything(**given):
    return given


class Line(MethodView):
    decorators = [load_order]

    def get(self, order):
        return order


app.add_url_rule("/lines/<id>", view_func=Line.as_view("lines"))
