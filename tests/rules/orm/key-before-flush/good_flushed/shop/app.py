from fastapi import Depends, FastAPI
from pydantic import BaseModel

from shop.db import Session
from shop.services import Orders

app = FastAPI()


class NewOrder(BaseModel):
    number: str
    titles: list[str]


def get_session():
    with Session() as session:
        yield session


@app.post("/orders", status_code=201)
def create(body: NewOrder, session=Depends(get_session)):
    return Orders(session).create(body.number, body.titles)
