import importlib

from flask import Flask

from farm.routes.cows import bp as cows
from farm.routes.hens import bp as hens

app = Flask(__name__)
app.register_blueprint(hens)
app.register_blueprint(cows)
if app.config.get("BEES"):
    app.register_blueprint(importlib.import_module("farm.routes.bees").bp)
