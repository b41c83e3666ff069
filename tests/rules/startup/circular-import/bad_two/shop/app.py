from flask import Flask

from shop.orders import routes

app = Flask(__name__)
app.register_blueprint(routes.orders)
