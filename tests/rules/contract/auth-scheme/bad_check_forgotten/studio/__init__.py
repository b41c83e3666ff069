from flask import Flask

from studio.songs import blueprint

app = Flask(__name__)
app.register_blueprint(blueprint)
