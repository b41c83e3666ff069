from flask import Flask

from farm.routes.cows import bp as cows
from farm.routes.hens import bp as hens

app = Flask(__name__)
app.register_blueprint(hens, url_prefix="/api")
app.register_blueprint(cows, url_prefix="/api")
