class Crates:
    def __init__(self, pool):
        self.pool = pool

    async def page(self, shelf, colour, limit, offset):
        sql = "SELECT c.id, c.label FROM crates c WHERE c.gone IS NULL"
        values = []
        if shelf:
            values.append(shelf)
            sql += f" AND c.shelf = ${len(values)}"
        if colour:
            values.append(colour)
            sql += f" AND c.colour = ${len(values)}"
        values.append(limit)
        sql += f" ORDER BY c.id LIMIT ${len(values)}"
        values.append(offset)
        sql += f" OFFSET ${len(values)}"
        return await self.pool.fetch(sql, *values)

    async def total(self, shelf, colour):
        sql = "SELECT COUNT(*) FROM crates c WHERE c.gone IS NULL"
        values = []
        if shelf:
            values.append(shelf)
            sql += f" AND c.shelf = ${len(values)}"
        return await self.pool.fetchval(sql, *values)  # expect: query/count-ignores-filter
