from functools import wraps

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.models import User


def logged(func):
    @wraps(func)
    async def wrapper(*args, **kwargs):
        return await func(*args, **kwargs)

    return wrapper


class UserRepository:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def by_email(self, email: str) -> User | None:
        return await self.session.scalar(select(User).where(User.email == email))

    async def exists(self, email: str) -> bool:
        return await self.by_email(email) is not None

    @logged
    async def all(self) -> list[User]:
        return list(await self.session.scalars(select(User)))

    async def save(self, user: User) -> None:
        self.session.add(user)
        await self.session.commit()
