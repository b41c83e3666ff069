from flask import Flask

from cinema.films import blueprint

app = Flask(__name__)
app.register_blueprint(blueprint, url_prefix="/films")
