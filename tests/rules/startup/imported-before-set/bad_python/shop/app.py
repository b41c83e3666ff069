from flask import Flask

from shop.db import init_db
from shop.routes import bp


def create_app():
    app = Flask(__name__)
    init_db("sqlite:///shop.db")
    app.register_blueprint(bp)
    return app


app = create_app()
