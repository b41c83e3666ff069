from flask import Blueprint, Flask
from flask.views import MethodView

users = Blueprint("users", __name__)
orders = Blueprint("orders", __name__)


@users.get("/users")
def index():
    return []


@orders.get("/orders")
def index():
    return []


@users.route("/me")
@users.route("/users/me")
def me():
    return {}


class Item(MethodView):
    def get(self, id=None):
        return {"id": id}


item = Item.as_view("item")
orders.add_url_rule("/items", view_func=item)
orders.add_url_rule("/items/<int:id>", view_func=item)
app = Flask(__name__)
app.register_blueprint(users)
app.register_blueprint(orders)
