from flask import Flask

from app import names, settings
from app.names import (
    ALIAS,
    Conditional,
    by_global,
    by_loop,
    computed,
    first,
    helper,
    lazily,
    walrus,
)
from app.package import inner, star_of_a_module
from app.stars import anything_of_flask

app = Flask(__name__)


@app.get("/")
def index():
    return [ALIAS, Conditional, by_global, by_loop, computed, first, helper, inner, lazily, names,
            settings, star_of_a_module, walrus, anything_of_flask]
