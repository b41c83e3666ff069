from flask import Flask

import reports

app = Flask(__name__)


@app.get("/")
def index():
    return {"title": reports.TITLE}
