from fastapi import FastAPI

from app.db import create_tables

create_tables()
app = FastAPI()


@app.get("/items")
def items():
    from app.models.item import Item

    return [Item.__tablename__]
