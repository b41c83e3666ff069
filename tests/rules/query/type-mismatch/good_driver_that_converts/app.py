from fastapi import FastAPI
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from models import Owner

app = FastAPI()
engine = create_engine("postgresql+psycopg2://db/harbour")


@app.get("/owners/{owner_id}")
def owner(owner_id: str):
    with Session(engine) as session:
        return session.scalar(select(Owner.name).where(Owner.id == owner_id))
