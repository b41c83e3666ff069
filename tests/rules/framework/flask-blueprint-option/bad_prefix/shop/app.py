from flask import Flask

from shop.orders import orders
from shop.users import users

app = Flask(__name__)
PREFIX = "/api"
for blueprint in (orders, users):
    app.register_blueprint(blueprint, url_prefix=PREFIX)  # expect: framework/flask-blueprint-option
