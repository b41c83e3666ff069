from flask import Flask

from shop.body import load_body
from shop.views import views


def create_app():
    app = Flask(__name__)
    app.before_request(load_body)
    app.register_blueprint(views)
    return app
