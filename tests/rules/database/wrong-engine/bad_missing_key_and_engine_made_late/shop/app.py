from flask import Flask

from shop.database import chosen, orders

app = Flask(__name__)


@app.get("/items")
def items():
    return [str(chosen().url), str(orders.url)]
