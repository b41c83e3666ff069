from flask import Flask, escape  # expect: framework/removed-python-api error

app = Flask(__name__)


@app.get("/")
def index():
    return escape("<home>")
