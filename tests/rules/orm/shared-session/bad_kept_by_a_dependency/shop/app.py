from typing import Annotated

from fastapi import Depends, FastAPI
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session, sessionmaker

engine = create_engine("sqlite:///shop.db")
Sessions = sessionmaker(engine)
app = FastAPI()


def get_session():
    with Sessions() as session:
        yield session


SessionDep = Annotated[Session, Depends(get_session)]


class Orders:
    def __init__(self, session: Session) -> None:
        self._session = session

    def count(self) -> int:
        return self._session.scalar(text("SELECT count(*) FROM orders")) or 0



_orders: Orders | None = None


def orders(session: SessionDep) -> Orders:
    global _orders
    if _orders is None:
        _orders = Orders(session)  # expect: orm/shared-session
    return _orders


@app.get("/orders/count")
def count(orders: Annotated[Orders, Depends(orders)]) -> dict:
    return {"count": orders.count()}
