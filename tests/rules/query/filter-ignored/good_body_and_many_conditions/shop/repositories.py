from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from shop.models import Book
from shop.schemas import BookIn


class BookRepository:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def find(self, isbn, oclc, lccn, asin, gtin, ddc, doi, udc, issn) -> list[Book]:
        conditions = [
            column == value
            for column, value in [
                (Book.isbn, isbn),
                (Book.oclc, oclc),
                (Book.lccn, lccn),
                (Book.asin, asin),
                (Book.gtin, gtin),
                (Book.ddc, ddc),
                (Book.doi, doi),
                (Book.udc, udc),
                (Book.issn, issn),
            ]
            if value is not None
        ]
        stmt = select(Book).where(or_(*conditions)).limit(20)
        return list((await self.session.scalars(stmt)).all())

    async def rename(self, books: list[BookIn]) -> list[Book]:
        found = (await self.session.scalars(select(Book).limit(20))).all()
        titles = {book.id: book.title for book in books}
        for book in found:
            book.title = titles.get(book.id, book.title)
        await self.session.commit()
        return list(found)
