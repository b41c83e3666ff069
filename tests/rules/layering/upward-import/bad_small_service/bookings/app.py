from flask import Flask

from bookings.routes.rooms import blueprint


def create_app() -> Flask:
    app = Flask("bookings")
    app.register_blueprint(blueprint)
    return app
