from fastapi import APIRouter, Depends, FastAPI
from sqlalchemy import select
from sqlalchemy.orm import Session

from press.db import Article, Tag, get_session

router = APIRouter(prefix="/api")
CATEGORIES = ["politics", "sport"]
recent: list[str] = []


@router.get("/health")
def health():
    return {"status": "ok", "checks": []}


@router.get("/features")
def features():
    return {"articles": [], "comments": ["threads"]}


@router.get("/settings")
def settings():
    return {"settings": {"language": "en"}}


@router.get("/sections")
def sections():
    return {"sections": ["news", "opinion"]}


@router.get("/categories")
def categories():
    return CATEGORIES


@router.get("/forms/article")
def form_of_an_article():
    """What a form shows, not an article."""
    return {"fields": [{"name": "title", "type": "string"}, {"name": "id", "type": "number"}]}


@router.get("/help/categories")
def topics_of_help():
    return {"categories": [{"id": 1, "name": "first steps"}, {"id": 2, "name": "payment"}]}


@router.get("/recent/articles")
def recently():
    return {"articles": recent}


@router.get("/articles/status")
def status():
    return {"article": "open"}


@router.get("/tags")
def tags(name: str = "", session: Session = Depends(get_session)):
    if not name:
        return {"tags": []}
    found = session.scalars(select(Tag.name).where(Tag.name == name).limit(20)).all()
    return {"tags": found}


@router.get("/articles")
def articles(session: Session = Depends(get_session)):
    found = []
    for article in session.scalars(select(Article).limit(20)):
        found.append(article.title)
    return {"articles": found}


@router.post("/articles")
def create(title: str, session: Session = Depends(get_session)):
    session.add(Article(title=title))
    session.commit()
    return {"article": {"ok": True}}


app = FastAPI()
app.include_router(router)
