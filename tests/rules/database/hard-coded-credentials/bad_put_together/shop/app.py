from flask import Flask

from shop.db import engine, other

app = Flask(__name__)


@app.get("/items")
def items():
    return [str(engine.url), str(other.url)]
