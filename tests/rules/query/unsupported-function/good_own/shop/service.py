from sqlalchemy import func, select

from shop.db import Session
from shop.models import Book


class Books:
    def create(self, title, tags):
        return title

    def by(self, writer):
        with Session() as session:
            return list(session.scalars(select(func.date_trunc("day", Book.title))))
