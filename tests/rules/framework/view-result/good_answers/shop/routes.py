import functools

from flask import Blueprint, abort, jsonify

from shop import service

orders = Blueprint("orders", __name__)


def as_json(view):
    @functools.wraps(view)
    def wrapper(*args, **kwargs):
        return jsonify(vars(view(*args, **kwargs)))

    return wrapper


@orders.get("/orders/<number>")
@as_json
def show(number: str):
    return service.get(number)


@orders.delete("/orders/<number>")
def remove(number: str):
    if number.isdigit():
        return "", 204
    abort(404)


@orders.post("/orders/<number>")
def again(number: str):
    try:
        return {"number": service.get(number).number}
    except KeyError:
        service.fail(number)


@orders.get("/orders")
def every():
    while True:
        found = service.get("1")
        if found:
            return [found]
