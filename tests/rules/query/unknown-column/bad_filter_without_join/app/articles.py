import aiosqlite


class Articles:
    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection = connection

    async def listed(self, author=None, favorited=None, limit=20, offset=0):
        conditions, values = [], []
        if author:
            conditions.append("u.username = ?")  # expect: query/unknown-column
            values.append(author)
        if favorited:
            conditions.append(
                "a.id IN (SELECT f.article_id FROM favorites f WHERE f.user_id = ?)"  # expect: query/unknown-column
            )
            values.append(favorited)
        where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
        rows = await self._connection.execute_fetchall(
            f"""
            SELECT a.*, u.username
              FROM articles a
              JOIN users u ON u.id = a.author_id
              {where}
             ORDER BY a.created_at DESC
             LIMIT ? OFFSET ?
            """,
            (*values, limit, offset),
        )
        count = await self._connection.execute_fetchall(
            f"SELECT COUNT(*) FROM articles a {where}", values
        )
        return rows, count

    async def by_slug(self, slug):
        cursor = await self._connection.execute(
            "SELECT a.id, a.created FROM articles AS a "  # expect: query/unknown-column
            "WHERE articles.slug = ?",  # expect: query/unknown-column
            (slug,),
        )
        return await cursor.fetchone()
