from fastapi import FastAPI
from pydantic import BaseModel
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

app = FastAPI()


class Target(BaseModel):
    url: str


@app.post("/connections/check")
def check(target: Target):
    with create_engine(target.url).connect() as connection:
        return connection.execute(text("SELECT 1")).scalar()


@app.get("/unpooled")
def unpooled():
    engine = create_engine("postgresql://db/archive", poolclass=NullPool)
    with engine.connect() as connection:
        return connection.execute(text("SELECT 1")).scalar()


@app.get("/archive")
def archive():
    engine = create_engine("postgresql://db/archive")
    try:
        return engine.connect().execute(text("SELECT 1")).scalar()
    finally:
        engine.dispose()
