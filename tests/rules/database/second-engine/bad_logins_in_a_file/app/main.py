from fastapi import FastAPI

from app.db import Session
from app.logins import record

app = FastAPI()


@app.post("/login")
async def login():
    async with Session() as session:
        await record(session.info)
