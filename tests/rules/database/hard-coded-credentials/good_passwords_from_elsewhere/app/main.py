from fastapi import FastAPI

from app.db import engine, other

app = FastAPI()


@app.get("/orders")
def orders():
    return [str(engine.url), str(other.url)]
