from flask import Flask

from club.db import db
from club.routes import bp


def store(response):
    if response.status_code < 400:
        db.session.commit()
    return response


def create_app():
    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite:///club.db"
    db.init_app(app)
    app.register_blueprint(bp)
    app.after_request(store)
    return app
