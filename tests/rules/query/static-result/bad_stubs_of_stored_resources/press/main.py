from fastapi import APIRouter, Depends, FastAPI
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from sqlalchemy.orm import Session

from press.db import get_session
from press.service import ArticleService

router = APIRouter(prefix="/api")


class TagList(BaseModel):
    tags: list[str]


@router.get("/articles")
def articles(session: Session = Depends(get_session)):
    return {"articles": ArticleService(session).listed()}


@router.get("/articles/feed")
async def feed(limit: int = 20, session: Session = Depends(get_session)):
    return {"articles": await ArticleService(session).feed(limit), "articlesCount": 0}


@router.get("/articles/{slug}")
def article(slug: str):
    if not slug:
        return JSONResponse({"article": {}}, status_code=404)  # expect: query/static-result error
    return JSONResponse(content={"article": {"slug": "how-to", "title": "How to"}})


@router.get("/tags")
def tags() -> TagList:
    return TagList(tags=[])  # expect: query/static-result error


app = FastAPI()
app.include_router(router)
