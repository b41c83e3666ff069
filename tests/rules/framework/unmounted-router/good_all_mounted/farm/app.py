from flask import Flask

from farm.routes.bees import bp as bees
from farm.routes.cows import bp as cows
from farm.routes.hens import bp as hens


def create_app():
    app = Flask(__name__)
    for blueprint in (hens, cows, bees):
        app.register_blueprint(blueprint, url_prefix="/api")
    return app


app = create_app()
