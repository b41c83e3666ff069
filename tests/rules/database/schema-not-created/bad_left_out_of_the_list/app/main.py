import os

from fastapi import FastAPI
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from app.models import Base, Login, User, follows

engine = create_engine(os.environ["DATABASE_URL"])
TABLES = [User.__table__]
Base.metadata.create_all(engine, tables=TABLES)
app = FastAPI()


@app.post("/login")
def login():
    with Session(engine) as session:
        session.add(Login())
        session.execute(follows.insert().values(follower_id=1))
        session.commit()
