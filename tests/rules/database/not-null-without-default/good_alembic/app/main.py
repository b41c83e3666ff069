from fastapi import FastAPI
from sqlalchemy import create_engine, text

app = FastAPI()
engine = create_engine("postgresql+psycopg://shop@db/shop")


@app.get("/orders")
def list_orders():
    with engine.connect() as connection:
        return [dict(row) for row in connection.execute(text("SELECT id FROM orders LIMIT 20")).mappings()]
