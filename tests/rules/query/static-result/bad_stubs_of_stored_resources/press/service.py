from sqlalchemy import select
from sqlalchemy.orm import Session

from press.db import Article, Category


class ArticleService:
    def __init__(self, session: Session):
        self.session = session

    def listed(self):
        return [item.title for item in self.session.scalars(select(Article).limit(20))]

    async def feed(self, limit: int):
        return []  # expect: query/static-result error


def categories():
    names = ["politics", "sport"]
    return names


def stored_categories(session: Session):
    return session.scalars(select(Category.id).limit(5)).all()
