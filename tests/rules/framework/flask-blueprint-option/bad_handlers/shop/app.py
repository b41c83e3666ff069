from flask import Flask

from shop.errors import errors
from shop.orders import orders

app = Flask(__name__)
app.register_blueprint(errors)
app.register_blueprint(orders)
