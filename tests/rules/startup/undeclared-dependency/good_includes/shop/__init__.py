import requests
import sqlalchemy
from flask import Flask
from flask_sqlalchemy import SQLAlchemy

app = Flask(__name__)
db = SQLAlchemy(app)


@app.get("/rates")
def rates():
    return {"rates": requests.get("https://rates.test").json(), "engine": sqlalchemy.__version__}
