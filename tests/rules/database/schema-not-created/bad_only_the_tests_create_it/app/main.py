from typing import Annotated

from fastapi import Depends, FastAPI
from sqlalchemy import select

from app.db import Order, Session, session

app = FastAPI()


@app.get("/orders")
def orders(session: Annotated[Session, Depends(session)]):
    return [order.id for order in session.scalars(select(Order))]
