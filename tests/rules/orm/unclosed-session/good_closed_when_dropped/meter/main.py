import sqlite3

from fastapi import Depends, FastAPI

app = FastAPI()


def connection():
    held = sqlite3.connect("meter.db")
    yield held
    held.close()


@app.get("/readings/{number}")
def one(number: int, held=Depends(connection)):
    return held.execute("SELECT value FROM readings WHERE id = ?", (number,)).fetchone()
