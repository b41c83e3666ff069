from flask import Blueprint

from shop.body import body

views = Blueprint("views", __name__)


@views.post("/orders")
def create():
    return {"item": body()["item"]}, 201


@views.delete("/orders/<int:id>")
def cancel(id):
    return {"cancelled": id}
