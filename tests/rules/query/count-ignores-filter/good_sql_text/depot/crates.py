class Crates:
    def __init__(self, pool):
        self.pool = pool

    async def page(self, shelf, colour, limit, offset):
        where, values = self._where(shelf, colour)
        rows = await self.pool.fetch(
            f"SELECT c.id, c.label FROM crates c {where} ORDER BY c.id"
            f" LIMIT ${len(values) + 1} OFFSET ${len(values) + 2}",
            *values,
            limit,
            offset,
        )
        return rows

    async def total(self, shelf, colour):
        where, values = self._where(shelf, colour)
        return await self.pool.fetchval(f"SELECT COUNT(*) FROM crates c {where}", *values)

    async def after(self, shelf, last, limit, offset):
        rows = await self.pool.fetch(
            "SELECT id FROM crates WHERE shelf = $1 AND id > $2 ORDER BY id LIMIT $3 OFFSET $4",
            shelf,
            last,
            limit,
            offset,
        )
        total = await self.pool.fetchval("SELECT COUNT(*) FROM crates WHERE shelf = $1", shelf)
        return rows, total

    async def shown(self, shelf, limit, offset):
        rows = await self.pool.fetch(
            "SELECT id FROM crates WHERE shelf = $1 ORDER BY id LIMIT $2 OFFSET $3",
            shelf,
            limit,
            offset,
        )
        everything = await self.pool.fetchval("SELECT COUNT(*) FROM crates")
        filtered = await self.pool.fetchval("SELECT COUNT(*) FROM crates WHERE shelf = $1", shelf)
        return rows, everything, filtered

    def _where(self, shelf, colour):
        parts, values = [], []
        if shelf:
            values.append(shelf)
            parts.append(f"c.shelf = ${len(values)}")
        if colour:
            values.append(colour)
            parts.append(f"c.colour = ${len(values)}")
        return (f"WHERE {' AND '.join(parts)}" if parts else "", values)
