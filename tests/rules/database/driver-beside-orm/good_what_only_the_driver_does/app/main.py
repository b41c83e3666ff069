from fastapi import FastAPI
from sqlalchemy.orm import Session

from app.db import engine
from app.events import is_ready, listen, load
from app.models import Order

app = FastAPI()


@app.get("/orders/{order_id}")
async def order(order_id: int):
    await listen(load)
    with Session(engine) as session:
        return [is_ready(), session.get(Order, order_id).id]
