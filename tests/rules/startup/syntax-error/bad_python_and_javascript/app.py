from flask import Flask

app = Flask("x")


@app.get("/")
def index():
    return "ok"


def broken(first, second:  # expect: startup/syntax-error
    return first


def last():
    return 1
