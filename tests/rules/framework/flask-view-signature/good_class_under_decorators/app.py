from functools import wraps

from flask import Flask, g
from flask.views import MethodView

app = Flask(__name__)


def with_loan(view):
    @wraps(view)
    def wrapper(*args, **kwargs):
        return view(*args, loan=kwargs.pop("id"), **kwargs)

    return wrapper


def member_only(view):
    @wraps(view)
    def wrapper(*args, **kwargs):
        g.member = "m"
        return view(*args, **kwargs)

    return wrapper


class LoanView(MethodView):
    decorators = [with_loan]

    def get(self, loan):
        return str(loan)


class ShelfView(MethodView):
    decorators = [member_only]

    def get(self, shelf):
        return shelf


class RoomView(MethodView):
    decorators = [member_only] + [with_loan]

    def get(self, loan):
        return str(loan)


app.add_url_rule("/loans/<int:id>", view_func=LoanView.as_view("loan"))
app.add_url_rule("/shelves/<shelf>", view_func=ShelfView.as_view("shelf"))
app.add_url_rule("/rooms/<int:id>", view_func=RoomView.as_view("room"))
