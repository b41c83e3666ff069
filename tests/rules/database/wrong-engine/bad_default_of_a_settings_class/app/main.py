from fastapi import FastAPI

from app.db import Session

app = FastAPI()


@app.get("/orders")
async def orders():
    async with Session() as session:
        return [session.info]
