from fastapi import FastAPI
from sqlalchemy.orm import Session

from app.db import Base, Invoice, Order, billing, engine

Base.metadata.create_all(engine)
app = FastAPI()


@app.get("/orders")
def orders():
    with Session(billing) as session:
        return [session.query(Invoice).count(), Order.__tablename__]
