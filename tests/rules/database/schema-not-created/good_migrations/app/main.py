import os

from fastapi import FastAPI
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from app.models import Item

engine = create_engine(os.environ["DATABASE_URL"])
app = FastAPI()


@app.get("/items")
def items():
    with Session(engine) as session:
        return [item.id for item in session.query(Item)]
