from flask import Flask

from press.books import blueprint

app = Flask(__name__)
app.register_blueprint(blueprint, url_prefix="/books")
