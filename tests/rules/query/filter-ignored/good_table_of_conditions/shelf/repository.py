from dataclasses import asdict, dataclass, fields

import asyncpg

_CONDITIONS = {
    "title": "b.title = ${}",
    "author": "b.author = ${}",
    "shelf": "b.shelf = ${}",
}
_GROWING = {"title": "b.title = ${}"}
_GROWING["author"] = "b.author = ${}"
_GROWING.update(shelf="b.shelf = ${}")
_SPREAD = {**_CONDITIONS, "title": "lower(b.title) = ${}"}
_BY_COLUMN = {"b.title": "title", "b.author": "author", "b.shelf": "shelf"}


@dataclass(frozen=True)
class BookFilter:
    title: str | None = None
    author: str | None = None
    shelf: str | None = None


class Books:
    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def search(self, criteria: BookFilter):
        return await self._by(criteria, _CONDITIONS)

    async def registered(self, criteria: BookFilter):
        return await self._by(criteria, _GROWING)

    async def spread(self, criteria: BookFilter):
        return await self._by(criteria, _SPREAD)

    async def by_fields(self, criteria: BookFilter):
        conditions, values = [], []
        for field in fields(criteria):
            value = getattr(criteria, field.name)
            if value is not None:
                values.append(value)
                conditions.append(f"b.{field.name} = ${len(values)}")
        where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
        return await self._pool.fetch(f"SELECT b.id FROM books b {where} LIMIT 50", *values)

    async def mapped(self, criteria: BookFilter):
        given = asdict(criteria)
        conditions, values = [], []
        for column, name in _BY_COLUMN.items():
            if given[name]:
                values.append(given[name])
                conditions.append(f"{column} = ${len(values)}")
        where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
        return await self._pool.fetch(f"SELECT b.id FROM books b {where} LIMIT 50", *values)

    async def _by(self, criteria: BookFilter, table):
        conditions, values = [], []
        for name, template in table.items():
            value = getattr(criteria, name)
            if value:
                values.append(value)
                conditions.append(template.format(len(values)))
        where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
        return await self._pool.fetch(f"SELECT b.id FROM books b {where} LIMIT 50", *values)
