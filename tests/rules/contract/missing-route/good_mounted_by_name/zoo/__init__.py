import importlib
import os

from flask import Flask

from zoo.animals import blueprint

app = Flask(__name__)
app.register_blueprint(blueprint)
for name in os.environ.get("PLUGINS", "").split(","):
    module = importlib.import_module(f"zoo_{name}")
    app.register_blueprint(module.blueprint, url_prefix="/plugins")


@app.route("/keepers")
def keepers():
    return {"keepers": []}
