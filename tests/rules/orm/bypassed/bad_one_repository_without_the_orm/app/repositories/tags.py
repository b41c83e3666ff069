from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.models import Tag


class TagRepository:
    def __init__(self, session: AsyncSession):
        self.session = session

    async def all(self):
        return (await self.session.scalars(select(Tag).limit(20))).all()
