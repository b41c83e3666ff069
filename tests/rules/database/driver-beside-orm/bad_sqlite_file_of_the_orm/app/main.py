from fastapi import FastAPI
from sqlalchemy import select

from app.db import Session
from app.models import Tag
from app.tags import popular_tags

app = FastAPI()


@app.get("/tags")
async def tags():
    async with Session() as session:
        return [tag.id for tag in await session.scalars(select(Tag))] + popular_tags(10)
