import sqlite3

from flask import Flask
from sqlalchemy import create_engine

app = Flask(__name__)
engine = create_engine("sqlite:///ledger.db")

with engine.connect() as connection:
    connection.exec_driver_sql("PRAGMA journal_mode=WAL")
catalogue = sqlite3.connect("catalogue.db")


@app.get("/")
def index():
    return {}
