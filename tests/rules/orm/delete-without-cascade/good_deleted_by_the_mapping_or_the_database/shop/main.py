from fastapi import FastAPI
from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker

from shop.tables import Order

app = FastAPI()
sessions = sessionmaker(create_engine("sqlite:///shop.db"))


@app.delete("/orders/{order_id}", status_code=204)
def delete_order(order_id: int) -> None:
    with sessions() as session:
        order = session.get(Order, order_id)
        if order is not None:
            session.delete(order)
            session.commit()
