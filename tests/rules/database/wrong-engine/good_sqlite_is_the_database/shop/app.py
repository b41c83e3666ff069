from flask import Flask

from shop.database import build_engine


def create_app():
    app = Flask(__name__)
    app.extensions["engine"] = build_engine()

    @app.get("/items")
    def items():
        return []

    return app
