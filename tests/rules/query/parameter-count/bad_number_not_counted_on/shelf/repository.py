import asyncpg

from shelf.filters import BookFilter


class Books:
    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def search(self, criteria: BookFilter, page):
        conditions, values = _conditions(criteria)
        where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
        return await self._page(where, values, page)

    async def of_shelf(self, shelf, page):
        return await self._page("WHERE b.shelf_id = $1", [shelf], page)

    async def _page(self, where, values, page):
        number = len(values)
        rows = await self._pool.fetch(
            f"SELECT b.id FROM books b {where} LIMIT ${number + 1} OFFSET ${number + 2}",
            *values,
            page.limit,
            page.offset,
        )
        return rows, await self._pool.fetchval(f"SELECT count(*) FROM books b {where}", *values)


def _conditions(criteria: BookFilter):
    conditions, values = [], []
    number = len(values) + 1
    if criteria.title:
        conditions.append(f"b.title = ${number}")
        values.append(criteria.title)
    if criteria.author:
        conditions.append(f"b.author = ${number}")  # expect: query/parameter-count
        values.append(criteria.author)
    if criteria.shelf is not None:
        conditions.append(f"b.shelf = ${number}")
        values.append(criteria.shelf)
    return conditions, values
