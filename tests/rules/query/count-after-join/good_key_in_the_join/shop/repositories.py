from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from shop.models import Book, Note, Page


class NoteRepository:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def page(self, text: str) -> tuple[list, int]:
        base = (
            select(Note.text, Page.number.label("page"), Book.title.label("book"))
            .select_from(Note)
            .join(Page, Note.page_id == Page.id)
            .join(Book, Note.book_id == Book.id)
            .where(Note.text.contains(text))
        )
        total = await self.session.scalar(select(func.count()).select_from(base.subquery()))
        rows = await self.session.execute(base.order_by(Note.id).limit(20))
        return list(rows.all()), total or 0
