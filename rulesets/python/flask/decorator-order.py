import functools

from flask import Blueprint, Flask, request
from flask_httpauth import HTTPTokenAuth
from flask_jwt_extended import jwt_required
from flask_login import login_required

from shop.docs import documented
from shop.members import admin_required, cache, limiter

app = Flask(__name__)
bp = Blueprint("orders", __name__)
auth = HTTPTokenAuth()


def token_required(view):
    @functools.wraps(view)
    def guarded(*args, **kwargs):
        if "Authorization" not in request.headers:
            return {}, 401
        return view(*args, **kwargs)

    return guarded


def role_required(*roles):
    def mark(view):
        view.roles = roles
        return view

    return mark


# ruleid: framework-flask-decorator-order
@login_required
@app.route("/orders")
def orders():
    return {}


# ruleid: framework-flask-decorator-order
@jwt_required()
@bp.post("/orders")
def create():
    return {}


# ruleid: framework-flask-decorator-order
@auth.login_required
@documented
@app.get("/basket")
def basket():
    return {}


# ruleid: framework-flask-decorator-order
@token_required
@app.get("/invoices")
def invoices():
    return {}


# it is not seen what the decorator does
# ruleid: framework-flask-decorator-order-unknown
@admin_required
@app.get("/admin")
def admin():
    return {}


@app.get("/audit")
@documented
def audit():
    return {}


# ruleid: framework-flask-decorator-order-unknown
@admin_required
@documented
@app.post("/audit")
def write_audit():
    return {}


# ok: framework-flask-decorator-order
@role_required("admin")
@app.get("/marked")
def marked():
    return {}


# ok: framework-flask-decorator-order
@app.route("/members")
@login_required
def members():
    return {}


# ok: framework-flask-decorator-order
@app.route("/invoice")
@token_required
def invoice():
    return {}


# ok: framework-flask-decorator-order
@documented
@app.route("/health")
def health():
    return {}


# ok: framework-flask-decorator-order
@app.route("/a")
@app.route("/b")
@jwt_required()
def twice():
    return {}


# ok: framework-flask-decorator-order
@login_required
@cache.get("prices")
def prices():
    return {}


# ok: framework-flask-decorator-order
@jwt_required()
@limiter.limit("5 per minute")
def helper():
    return {}


def explain():
    """The wrong way round:

    # ok: framework-flask-decorator-order
    @login_required
    @app.route("/orders")
    def orders():
        return {}
    """


def roles_required(scope):
    def outer(view):
        @functools.wraps(view)
        def guarded(*args, **kwargs):
            return view(*args, **kwargs) if scope in request.scopes else ({}, 403)

        return guarded

    return outer


def plain_role_required(view):
    view.roles = ("member",)
    return view


# ok: framework-flask-decorator-order-unknown
@plain_role_required
@app.get("/plain")
def plain():
    return {}


# ruleid: framework-flask-decorator-order
@roles_required("admin")
@app.get("/roles")
def roles():
    return {}


# ok: framework-flask-decorator-order-unknown
@app.get("/roles/own")
@admin_required
def own_roles():
    return {}
