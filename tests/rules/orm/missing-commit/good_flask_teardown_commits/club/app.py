from flask import Flask

from club.db import db
from club.routes import bp


class Unit:
    def finish(self):
        db.session.commit()


def create_app():
    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite:///club.db"
    db.init_app(app)
    app.register_blueprint(bp)
    unit = Unit()

    @app.teardown_request
    def done(error):
        if error is None:
            unit.finish()

    return app
