from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.models import Article


class ArticleRepository:
    def __init__(self, session: AsyncSession):
        self.session = session

    async def all(self):
        return (await self.session.scalars(select(Article).limit(20))).all()
