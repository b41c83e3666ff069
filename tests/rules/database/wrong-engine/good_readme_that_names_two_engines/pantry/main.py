import os

from fastapi import FastAPI
from sqlalchemy import create_engine, text

app = FastAPI()
engine = create_engine(os.environ.get("DATABASE_URL", "sqlite:///pantry.db"))


@app.get("/jars")
def jars():
    with engine.connect() as connection:
        return connection.execute(text("SELECT 1")).scalar()
