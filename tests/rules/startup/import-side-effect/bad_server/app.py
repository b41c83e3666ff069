from flask import Flask

app = Flask(__name__)


@app.get("/")
def index():
    return {}


app.run(host="0.0.0.0")  # expect: startup/import-side-effect error
