from functools import partial, wraps

from flask import Flask, jsonify, request

from shop.orders import FileStore, MemoryStore, Order, OrderRepository, Plain, Strict, store_for
from shop.service import OrderService

app = Flask(__name__)
repository = OrderRepository.of("orders.db")
service = OrderService(repository, clock=lambda: 0)


def with_user(view):
    @wraps(view)
    def wrapper(*args, **kwargs):
        return view("me", *args, **kwargs)

    return wrapper


@with_user
def greet(user, name):
    return user + name


@app.get("/orders")
def orders():
    given = {"kind": "apple"}
    store = store_for(request.args)
    store.put("key", "value", overwrite=True)
    greet("you")
    later = partial(service.page, "apple")
    OrderRepository.find(repository, "apple", limit=3)
    repository.find(*request.args)
    repository.find(**given)
    return jsonify(later(limit=20), Order("apples", 3), Plain(size=1), Strict("a"), service("now"))


def handle(store: MemoryStore | FileStore):
    store.put("key", "value")


try:
    from shop.fast import encode
except ImportError:

    def encode(value, *, indent=None):
        return value


encode("x", sort=True)
