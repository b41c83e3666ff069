from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

ADD = text("INSERT INTO comments (body, article_id) VALUES (:body, :article_id)")


class CommentRepository:
    def __init__(self, session: AsyncSession):
        self.session = session

    async def of_article(self, article_id):
        result = await self.session.execute(  # expect: orm/bypassed error
            text("SELECT id, body FROM comments WHERE article_id = :id"), {"id": article_id}
        )
        return result.all()

    async def add(self, body, article_id):
        await self.session.execute(ADD, {"body": body, "article_id": article_id})

    async def remove(self, comment_id):
        statement = text("DELETE FROM comments WHERE id = :id").bindparams(id=comment_id)
        await self.session.execute(statement)
