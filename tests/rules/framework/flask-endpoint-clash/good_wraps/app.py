import functools
from functools import update_wrapper, wraps

from flask import Blueprint, Flask, g
from flask_login import login_required

app = Flask(__name__)
admin = Blueprint("admin", __name__)


def staff(view):
    @functools.wraps(view)
    def inner(*args, **kwargs):
        return view(*args, **kwargs) if g.user else ("", 403)

    return inner


def role(name):
    def decorate(view):
        @wraps(view)
        def inner(*args, **kwargs):
            return view(*args, **kwargs) if name in g.roles else ("", 403)

        return inner

    return decorate


def counted(view):
    def inner(*args, **kwargs):
        return view(*args, **kwargs)

    return update_wrapper(inner, view)


def named(view):
    def inner(*args, **kwargs):
        return view(*args, **kwargs)

    inner.__name__ = view.__name__
    return inner


def documented(view):
    view.documented = True
    return view


@admin.get("/a")
@staff
def a():
    return "a"


@admin.get("/b")
@staff
@role("editor")
def b():
    return "b"


@admin.get("/c")
@counted
@documented
def c():
    return "c"


@admin.get("/d")
@named
def d():
    return "d"


@admin.get("/e")
@named
@login_required
def e():
    return "e"


app.register_blueprint(admin)
