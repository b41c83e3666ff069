from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base

if TYPE_CHECKING:
    from app.models.article import Article, Comment


class User(Base):
    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    articles: Mapped[list[Article]] = relationship(back_populates="author")
    drafts: Mapped[list[Article]] = relationship(  # expect: orm/association-mismatch
        back_populates="author"
    )
    comments: Mapped[list[Comment]] = relationship(back_populates="user")
