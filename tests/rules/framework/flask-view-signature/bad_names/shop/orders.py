import functools

from flask import Blueprint, g
from flask.views import MethodView

orders = Blueprint("orders", __name__)


def signed_in(view):
    @functools.wraps(view)
    def inner(*args, **kwargs):
        if g.user is None:
            return {}, 401
        return view(*args, **kwargs)

    return inner


@orders.get("/orders/<int:order_id>")
@signed_in
def show(customer, id):  # expect: framework/flask-view-signature error
    return {"customer": customer, "id": id}


@orders.get("/orders")
def index():  # expect: framework/flask-view-signature
    return []


@orders.delete("/orders/<id>")
def cancel(customer, id, reason):  # expect: framework/flask-view-signature
    return {"customer": customer, "id": id, "reason": reason}


class Line(MethodView):
    def get(self, customer, order):  # expect: framework/flask-view-signature
        return {"customer": customer, "order": order}


orders.add_url_rule("/orders/<id>/lines", view_func=Line.as_view("lines"))
