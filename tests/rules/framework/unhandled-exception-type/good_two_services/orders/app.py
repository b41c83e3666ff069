from flask import Flask

from orders.errors import NotFoundError

app = Flask(__name__)


@app.errorhandler(NotFoundError)
def missing(error):
    return {}, 404


@app.get("/")
def index():
    return {}
