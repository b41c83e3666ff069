from typing import Annotated

from fastapi import APIRouter, Depends
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

from app.repositories import ArticleRepository, UserRepository
from app.services import ArticleService

router = APIRouter()
factory = async_sessionmaker(create_async_engine("postgresql+asyncpg://db/app"))


async def get_session():
    async with factory() as session:
        yield session


def get_service(session: Annotated[AsyncSession, Depends(get_session)]) -> ArticleService:
    return ArticleService(ArticleRepository(session), UserRepository(session))


@router.get("/articles")
async def articles(email: str, service: Annotated[ArticleService, Depends(get_service)]):
    return await service.by_email(email)  # expect: orm/undefined-attribute error


@router.get("/articles/of/{name}")
async def of_author(name: str, service: Annotated[ArticleService, Depends(get_service)]):
    return await service.of_email(name)
