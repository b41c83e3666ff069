from flask import Flask

app = Flask("x")


@app.get("/")
def index():
    return "ok"
