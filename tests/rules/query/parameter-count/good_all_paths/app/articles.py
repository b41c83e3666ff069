import asyncpg


class ArticleRepository:
    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    def _filters(self, query):
        conditions, values = [], []

        def add(condition, value):
            values.append(value)
            conditions.append(condition.format(len(values)))

        if query.tag:
            add("t.name = ${}", query.tag)
        if query.author:
            add("u.username = ${}", query.author)
        return (" WHERE " + " AND ".join(conditions)) if conditions else "", values

    async def listed(self, query):
        where, values = self._filters(query)
        count = await self._pool.fetchval("SELECT COUNT(*) FROM articles a" + where, *values)
        values.extend([query.limit, query.offset])
        rows = await self._pool.fetch(
            f"SELECT a.* FROM articles a{where} LIMIT ${len(values) - 1} OFFSET ${len(values)}",
            *values,
        )
        return rows, count

    async def change(self, slug, **fields):
        if not fields:
            return await self._pool.fetchrow("SELECT * FROM articles WHERE slug = $1", slug)
        parts = [f"{name} = ${number}" for number, name in enumerate(fields, start=2)]
        return await self._pool.fetchrow(
            f"UPDATE articles SET {', '.join(parts)} WHERE slug = $1 RETURNING *",
            slug,
            *fields.values(),
        )

    async def by_ids(self, ids):
        marks = ", ".join(f"${number + 1}" for number in range(len(ids)))
        return await self._pool.fetch(f"SELECT * FROM articles WHERE id IN ({marks})", *ids)

    async def twice(self, name):
        return await self._pool.fetch(
            "SELECT * FROM users WHERE username = $1 OR email = $1 AND note <> '$2'", name
        )

    async def body(self):
        await self._pool.execute("DO $$ BEGIN PERFORM 1; END $$")
