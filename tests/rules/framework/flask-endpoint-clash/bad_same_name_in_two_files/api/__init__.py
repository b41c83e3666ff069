from flask import Flask

from api.blueprint import api


def create_app():
    from api import orders, products  # noqa: F401

    app = Flask(__name__)
    app.register_blueprint(api, url_prefix="/api")
    return app
