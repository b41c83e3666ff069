from fastapi import FastAPI

from app.db import Session
from app.tags import popular_tags

app = FastAPI()


@app.get("/tags")
async def tags():
    async with Session() as session:
        return [session.info, popular_tags(10)]
