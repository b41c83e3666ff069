from flask import Flask

from garage.controllers.api import cars
from garage.controllers.api.service import Appointment


def create_app() -> Flask:
    app = Flask("garage")
    app.register_blueprint(cars.blueprint)
    Appointment.serve(app)
    return app
