from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncSession

from app.comments import CommentRepository
from app.db import engine

app = FastAPI()
comments = CommentRepository()


@app.get("/articles/{article_id}/comments")
async def of_article(article_id: int):
    async with AsyncSession(engine):
        return await comments.of_article(article_id)
