from fastapi import FastAPI

from app.db import build_engine, with_stand_by

app = FastAPI()
engines = [build_engine(), with_stand_by()]


@app.get("/orders")
def orders():
    return [str(engine.url) for engine in engines]
