from flask import Flask

from shop.orders import orders
from shop.users import users

app = Flask(__name__)
app.register_blueprint(orders, url_prefix="/api")
app.register_blueprint(users, url_prefix="/api/users")
