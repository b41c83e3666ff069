from fastapi import FastAPI

from app.db import chosen

app = FastAPI()
engine = chosen()


@app.get("/orders")
def orders():
    return []
