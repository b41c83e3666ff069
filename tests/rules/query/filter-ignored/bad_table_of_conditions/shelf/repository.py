from dataclasses import dataclass

import asyncpg

_CONDITIONS = {
    "title": "b.title = ${}",
    "shelf": "b.shelf = ${}",
}


@dataclass(frozen=True)
class BookFilter:
    title: str | None = None
    author: str | None = None
    shelf: str | None = None


class Books:
    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def search(self, criteria: BookFilter):
        conditions, values = [], []
        for name, template in _CONDITIONS.items():
            value = getattr(criteria, name)
            if value:
                values.append(value)
                conditions.append(template.format(len(values)))
        where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
        return await self._pool.fetch(f"SELECT b.id FROM books b {where} LIMIT 50", *values)
