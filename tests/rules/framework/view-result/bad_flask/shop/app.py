import time

from flask import Flask, g

from shop.routes import orders

app = Flask(__name__)
app.register_blueprint(orders)


@app.before_request
def started():
    g.started = time.monotonic()
    return g.started  # expect: framework/view-result


@app.after_request
def no_store(response):
    response.headers["Cache-Control"] = "no-store"  # expect: framework/view-result
