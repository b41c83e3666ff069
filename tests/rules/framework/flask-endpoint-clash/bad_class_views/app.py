from flask import Flask
from flask.views import MethodView

app = Flask(__name__)


class Item(MethodView):
    def get(self, id):
        return {"id": id}


class Group(MethodView):
    def get(self):
        return []


app.add_url_rule("/items/<int:id>", view_func=Item.as_view("items"))
app.add_url_rule("/items", view_func=Group.as_view("items"))  # expect: framework/flask-endpoint-clash
