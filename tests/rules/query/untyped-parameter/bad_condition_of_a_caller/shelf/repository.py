import asyncpg

_BOOKS = "SELECT b.id, b.title, {reader} AS reader FROM books b"


class Books:
    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def search(self, criteria, page, reader):
        conditions, values = [], []
        if criteria.title:
            values.append(criteria.title)
            conditions.append(f"b.title = ${len(values)}")
        first = len(values) + 1
        values += [criteria.since, criteria.until]
        conditions += [
            f"(${first} IS NULL OR b.added >= ${first})",  # expect: query/untyped-parameter
            f"(${first + 1} IS NULL OR b.added < ${first + 1})",
        ]
        return await self._page(f"WHERE {' AND '.join(conditions)}", values, page, reader)

    async def of_shelf(self, shelf, page, reader):
        return await self._page("WHERE b.shelf_id = $1", [shelf], page, reader)

    async def _page(self, where, values, page, reader):
        count = len(values)
        return await self._pool.fetch(
            f"{_BOOKS.format(reader=f'${count + 1}::bigint')} {where} "
            f"LIMIT ${count + 2} OFFSET ${count + 3}",
            *values,
            reader,
            page.limit,
            page.offset,
        )
