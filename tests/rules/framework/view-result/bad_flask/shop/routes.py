import functools

from flask import Blueprint, abort, jsonify

from shop.service import Orders

orders = Blueprint("orders", __name__)
service = Orders()


def signed_in(view):
    @functools.wraps(view)
    def wrapper(*args, **kwargs):
        if not args and not kwargs:
            abort(401)
        return view(*args, **kwargs)

    return wrapper


@orders.get("/orders/<number>")
@signed_in
def show(number: str):
    return service.get(number)  # expect: framework/view-result


@orders.delete("/orders/<number>")
@signed_in
def remove(number: str):
    service.remove(number)  # expect: framework/view-result


@orders.get("/orders/<number>/state")
def state(number: str):
    if number.startswith("x"):
        return jsonify({"state": "old"})
    elif number.startswith("y"):  # expect: framework/view-result
        return jsonify({"state": "new"})
