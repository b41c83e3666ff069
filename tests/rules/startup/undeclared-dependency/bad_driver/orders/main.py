from fastapi import FastAPI
from sqlalchemy import text

from orders.database import Session

app = FastAPI()


@app.get("/orders/count")
async def count():
    async with Session() as session:
        return {"count": await session.scalar(text("SELECT count(*) FROM orders"))}
