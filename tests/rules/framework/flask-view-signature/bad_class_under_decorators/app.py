from functools import wraps

from flask import Blueprint, Flask, g
from flask.views import MethodView

loans = Blueprint("loans", __name__)


def member_only(view):
    @wraps(view)
    def wrapper(*args, **kwargs):
        g.member = "m"
        return view(*args, **kwargs)

    return wrapper


class LoanView(MethodView):
    decorators = [member_only]

    def delete(self, shelf, loan_id):  # expect: framework/flask-view-signature
        return "", 204


def register(target: Blueprint) -> None:
    target.add_url_rule("/shelves/<shelf>/loans/<int:id>", view_func=LoanView.as_view("loan"))


register(loans)
app = Flask(__name__)
app.register_blueprint(loans)
