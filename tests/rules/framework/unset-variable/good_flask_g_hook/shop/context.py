import functools

from flask import g, request


def signed_in(view):
    @functools.wraps(view)
    def wrapper(*args, **kwargs):
        g.user_id = int(request.headers["X-User"])
        return view(*args, **kwargs)

    return wrapper


def user_id():
    return g.user_id
