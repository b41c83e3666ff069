import asyncpg

from app.settings import settings


class CommentRepository:
    async def open(self):
        self.pool = await asyncpg.create_pool(settings.database_url)  # expect: database/driver-beside-orm error

    async def of_article(self, article_id):
        return await self.pool.fetch("SELECT body FROM comments WHERE article_id = $1", article_id)
