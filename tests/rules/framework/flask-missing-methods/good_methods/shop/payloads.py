from flask import request


def body():
    found = request.get_json(silent=True)
    return found if isinstance(found, dict) else {}


def wanted():
    return request.args.get("tag")
