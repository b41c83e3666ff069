from flask import Flask
from flask_restx import Api

from shop.errors import errors
from shop.orders import orders
from shop.things import things

app = Flask(__name__)
api = Api(things)
app.register_blueprint(errors)
app.register_blueprint(orders)
app.register_blueprint(things)
