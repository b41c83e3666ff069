from flask import Flask

from desk.routes import people, tickets


def create_app() -> Flask:
    app = Flask("desk")
    app.register_blueprint(tickets.blueprint)
    app.register_blueprint(people.blueprint)
    return app
