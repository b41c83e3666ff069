from flask import Flask

app = Flask(__name__)


@app.get("/boats")
def boats():
    return {}
