from functools import wraps

from flask import abort, g, request


def login_required(view):
    @wraps(view)
    def wrapper(*args, **kwargs):
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme != "Bearer" or not token:
            abort(401)
        g.person = token
        return view(*args, **kwargs)

    return wrapper
