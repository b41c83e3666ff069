from flask import Flask, g, request
from werkzeug.exceptions import BadRequest

app = Flask(__name__)


@app.before_request
def load():
    g.body = request.get_json(silent=True)


@app.before_request
def load_with_care():
    try:
        g.strict = request.get_json()
    except BadRequest:
        g.strict = None


@app.before_request
def load_when_there_is_one():
    if request.content_length:
        g.sized = request.get_json()
    if not request.data:
        return
    g.raw = request.get_json()


@app.delete("/orders/<int:id>")
def cancel(id):
    return {"cancelled": id}
