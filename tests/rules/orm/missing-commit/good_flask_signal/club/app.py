from flask import Flask

from club.db import db
from club.routes import bp


def create_app():
    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite:///club.db"
    db.init_app(app)
    app.register_blueprint(bp)
    return app
