from fastapi import FastAPI

from app.db import engine

app = FastAPI()


@app.get("/orders")
def orders():
    return [str(engine.url)]
