from flask import Flask

from library import Book

app = Flask(__name__)


@app.get("/")
def show():
    return str(Book())
