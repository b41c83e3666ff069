from fastapi import FastAPI
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from app import models
from app.base import metadata

engine = create_engine("sqlite:///app.db")
metadata.create_all(engine)
app = FastAPI()


@app.get("/users")
def users():
    with Session(engine) as session:
        session.add(models.Login())
        return [user.id for user in session.query(models.User)]
