import asyncpg


class ArticleRepository:
    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def listed(self, tag=None, author=None, limit=20, offset=0):
        conditions = []
        values = []
        index = 1
        if tag:
            conditions.append(f"t.name = ${index}")
            values.append(tag)
            index += 1
        if author:
            values.append(author)
            conditions.append(f"u.username = ${len(values)}")
        where = "WHERE " + " AND ".join(conditions) if conditions else ""
        return await self._pool.fetch(
            "SELECT a.slug FROM articles a JOIN users u ON u.id = a.author_id "
            "LEFT JOIN tags t ON t.article_id = a.id "
            f"{where} LIMIT ${index} OFFSET ${index + 1}",  # expect: query/parameter-count
            *values,
            limit,
            offset,
        )

    async def favorited(self, username):
        number = 1
        condition = f"$${number}"  # expect: query/parameter-count
        return await self._pool.fetch(
            "SELECT article_id FROM favorites WHERE username = " + condition, username
        )

    async def one(self, slug):
        return await self._pool.fetchrow(
            "SELECT * FROM articles WHERE slug = %s", slug  # expect: query/parameter-count
        )

    async def rename(self, slug, title):
        await self._pool.execute(  # expect: query/parameter-count
            "UPDATE articles SET title = $1 WHERE slug = $2", title
        )

    async def since(self, day):
        sql = "SELECT * FROM articles WHERE created_at > $2"  # expect: query/parameter-count
        return await self._pool.fetch(sql, None, day)
