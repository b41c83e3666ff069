from fastapi import APIRouter, Depends
from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker

from app.repositories import Articles
from app.services import ArticleService

router = APIRouter()
factory = sessionmaker(create_engine("sqlite:///app.db"))


def service() -> ArticleService:
    return ArticleService(Articles(factory()))


@router.get("/articles/{name}")
def articles(name: str, articles: ArticleService = Depends(service)):
    return articles.of(name)


@router.get("/feed")
def feed(articles: ArticleService = Depends(service)):
    return articles.feed()
