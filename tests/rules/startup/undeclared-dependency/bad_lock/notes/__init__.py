from flask import Flask
from markupsafe import escape

from notes.rendering import render

app = Flask(__name__)


@app.get("/<name>")
def show(name):
    return render(escape(name))
