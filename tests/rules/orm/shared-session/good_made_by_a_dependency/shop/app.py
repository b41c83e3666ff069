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



_calls = 0


def orders(session: SessionDep) -> Orders:
    global _calls
    _calls += 1
    made = Orders(session)
    return made


@app.get("/orders/count")
def count(orders: Annotated[Orders, Depends(orders)]) -> dict:
    return {"count": orders.count()}
