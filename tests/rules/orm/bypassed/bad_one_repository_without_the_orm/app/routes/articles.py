from typing import Annotated

from fastapi import APIRouter, Depends
from sqlalchemy.ext.asyncio import AsyncSession

from app.db import session
from app.repositories.articles import ArticleRepository
from app.repositories.comments import CommentRepository
from app.repositories.tags import TagRepository
from app.repositories.users import UserRepository

router = APIRouter()
Db = Annotated[AsyncSession, Depends(session)]


@router.get("/articles")
async def articles(db: Db):
    return await ArticleRepository(db).all()


@router.get("/articles/{article_id}/comments")
async def comments(article_id: int, db: Db):
    return await CommentRepository(db).of_article(article_id)


@router.get("/tags")
async def tags(db: Db):
    return await TagRepository(db).all()


@router.get("/users/{name}")
async def user(name: str, db: Db):
    return await UserRepository(db).by_name(name)
