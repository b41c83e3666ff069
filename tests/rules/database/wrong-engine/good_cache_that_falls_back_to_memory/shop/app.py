from flask import Flask

from shop.cache import PriceCache
from shop.db import engine

app = Flask(__name__)
cache = PriceCache("prices.db")


@app.get("/items")
def items():
    return [str(engine.url), str(cache.connection)]
