from flask import Flask

from library import api, lazy, logging, opened, state, texts
from library.logging import json
from library.api import parts

app = Flask(__name__)
state.started = True


@app.get("/")
def show():
    lazy.anything()
    opened.whatever()
    state.count += 1
    names = [texts.__name__, api.parts, parts.inner, state.started, logging.logger, json.dumps({})]
    texts = {"a": 1}
    return texts.items(), names
