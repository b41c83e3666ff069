from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app import schemas
from app.models import User
from app.schemas import UserCreate, UserRead


class UserRepository:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def create(self, data: UserCreate) -> UserCreate:
        self.session.add(data)  # expect: orm/not-an-entity
        await self.session.commit()
        return data

    async def total(self) -> None:
        total = schemas.Total(amount=3)
        self.session.add_all([User(email="a"), total])  # expect: orm/not-an-entity

    async def all(self):
        return await self.session.scalars(select(UserRead))  # expect: orm/not-an-entity

    async def find(self, user_id: int):
        return await self.session.get(UserRead, user_id)  # expect: orm/not-an-entity

    async def rename(self, user_id: int, email: str) -> None:
        statement = update(schemas.UserRead)  # expect: orm/not-an-entity
        await self.session.execute(statement.values(email=email))

    async def blank(self) -> None:
        self.session.add(User)  # expect: orm/not-an-entity
