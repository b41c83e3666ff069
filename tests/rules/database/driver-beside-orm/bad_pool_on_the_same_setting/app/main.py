from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncSession

from app.comments import CommentRepository
from app.db import engine
from app.models import Article

app = FastAPI()
comments = CommentRepository()


@app.get("/articles/{article_id}/comments")
async def of_article(article_id: int):
    async with AsyncSession(engine) as session:
        article = await session.get(Article, article_id)
    return await comments.of_article(article.id)
