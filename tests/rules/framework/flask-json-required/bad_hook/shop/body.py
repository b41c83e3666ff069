from flask import g, request

WITH_BODY = frozenset({"POST", "PUT", "DELETE"})


def load_body():
    g.body = None
    if request.method not in WITH_BODY:
        return
    if request.is_json:
        g.body = request.get_json()  # expect: framework/flask-json-required error


def body():
    return g.body or {}
