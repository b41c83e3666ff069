from flask import Flask

app = Flask(__name__)


@app.get("/pots")
def pots():
    return {"pots": []}
