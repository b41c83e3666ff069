from flask import Flask

from shop.db import init_db


def create_app():
    app = Flask(__name__)
    init_db("sqlite:///shop.db")

    from shop.routes import bp

    app.register_blueprint(bp)
    return app


app = create_app()
