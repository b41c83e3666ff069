from flask import Blueprint, Flask

boxes = Blueprint("boxes", __name__, url_prefix="/boxes")
stock = Blueprint("stock", __name__, url_prefix="/stock")


@boxes.get("/")
def all_boxes():
    return []


@stock.get("/")
def all_stock():
    return []


@stock.get("/<int:number>")
def one(number):
    return {}


app = Flask(__name__)
app.register_blueprint(boxes)
app.register_blueprint(stock)
