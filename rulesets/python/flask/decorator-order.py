from flask import Blueprint, Flask

from shop.auth import login_required, jwt_required
from shop.docs import documented

app = Flask(__name__)
bp = Blueprint("orders", __name__)


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


# ok: framework-flask-decorator-order
@app.route("/members")
@login_required
def members():
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
