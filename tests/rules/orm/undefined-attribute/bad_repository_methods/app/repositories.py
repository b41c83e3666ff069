from typing import Generic, TypeVar

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.models import Article, User

T = TypeVar("T")


class Repository(Generic[T]):
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def save(self, item: T) -> T:
        self.session.add(item)
        await self.session.flush()
        return item


class UserRepository(Repository[User]):
    async def find_by_email(self, email: str) -> User | None:
        return await self.session.scalar(select(User).where(User.email == email))


class ArticleRepository(Repository[Article]):
    async def of_author(self, name: str) -> list[Article]:
        found = await self.session.scalars(
            select(Article).where(
                Article.author.username == name  # expect: orm/undefined-attribute error
            )
        )
        return list(found)
