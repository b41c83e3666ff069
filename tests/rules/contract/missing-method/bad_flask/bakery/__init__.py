from flask import Flask

from bakery.loaves import blueprint

app = Flask(__name__)
app.register_blueprint(blueprint, url_prefix="/api/loaves")
