from flask import Flask, g, request

app = Flask(__name__)


def parsed():
    return request.json  # expect: framework/flask-json-required


@app.before_request
def remember():
    g.params = parsed()


@app.get("/health")
def health():
    return "ok"


@app.post("/echo")
def echo():
    return g.params
