from dataclasses import dataclass

import asyncpg


@dataclass(frozen=True)
class BookFilter:
    title: str | None = None
    author: str | None = None
    isbn: str | None = None


class Books:
    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def search(self, criteria: BookFilter, page):
        conditions, values = [], []

        def add(template, value):
            values.append(value)
            conditions.append(template.format(len(values)))

        if criteria.title:
            add("b.title = ${}", criteria.title)
        if criteria.author:
            add("b.author = ${}", criteria.author)
        where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
        return await self._page(where, values, page)

    async def counted(self, criteria: BookFilter, page):
        conditions, values, number = [], [], 0

        def add(column, value):
            nonlocal number
            number = number + 1
            conditions.append(f"b.{column} = ${number}")
            values.append(value)

        if criteria.title:
            add("title", criteria.title)
        if criteria.author:
            add("author", criteria.author)
        where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
        return await self._page(where, values, page)

    async def one(self, criteria: BookFilter):
        if criteria.title and criteria.isbn:
            raise ValueError("title or isbn")
        conditions, values = [], []
        if criteria.title:
            conditions.append("b.title = $1")
            values.append(criteria.title)
        if criteria.isbn:
            conditions.append("b.isbn = $1")
            values.append(criteria.isbn)
        return await self._pool.fetchrow(
            f"SELECT b.id FROM books b WHERE {' AND '.join(conditions)}", *values
        )

    async def by(self, title=None, author=None):
        conditions, values = [], []
        if title:
            conditions.append("b.title = $1")
            values.append(title)
        if author:
            conditions.append("b.author = $1")
            values.append(author)
        return await self._pool.fetch(
            f"SELECT b.id FROM books b WHERE {' AND '.join(conditions)}", *values
        )

    async def of_title(self, title):
        return await self.by(title=title)

    async def of_author(self, author):
        return await self.by(author=author)

    async def either(self, words):
        return await self._pool.fetch(
            "SELECT b.id FROM books b WHERE b.title = $1 " "OR b.author = $1", words
        )

    async def _page(self, where, values, page):
        number = len(values)
        return await self._pool.fetch(
            f"SELECT b.id FROM books b {where} LIMIT ${number + 1} OFFSET ${number + 2}",
            *values,
            page.limit,
            page.offset,
        )
