from fastapi import FastAPI

from app.db import compose, engine, loopback, sample

app = FastAPI()


@app.get("/orders")
def orders():
    return [str(item.url) for item in (compose, engine, loopback, sample)]
