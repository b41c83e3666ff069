from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from shop.db import db
from shop.models import Article

if TYPE_CHECKING:
    from shop.models import Tag


class ArticleRepository:
    def by_author(self, name: str) -> list[Article]:
        statement = select(Article).join(
            User, User.id == Article.author_id  # expect: orm/undefined-name error
        )
        return list(db.session.scalars(statement.where(User.name == name)))

    def tags(self) -> list[Tag]:
        return list(db.session.scalars(select(Tag)))  # expect: orm/undefined-name


class UserRepository:
    def first(self):
        from shop.models import User as Person

        return db.session.scalars(select(Person)).first()
