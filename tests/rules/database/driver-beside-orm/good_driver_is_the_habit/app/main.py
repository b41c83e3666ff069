from fastapi import FastAPI
from sqlalchemy.orm import Session

from app.db import engine
from app.models import Setting
from app.orders import orders
from app.users import users

app = FastAPI()


@app.get("/orders")
def read_orders():
    with Session(engine) as session:
        return [orders(), users(), session.get(Setting, 1).id]
