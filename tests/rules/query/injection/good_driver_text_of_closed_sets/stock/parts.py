from aiohttp import web

ORDERS = {"name": "name ASC", "price": "price DESC"}
COLUMNS = ("name", "price")


class Parts:
    def __init__(self, pool) -> None:
        self._pool = pool

    async def search(self, q: str, sort: str | None):
        values, conditions = [], []
        if q:
            values.append(f"%{q}%")
            conditions.append(f"name ILIKE ${len(values)}")
        where = " WHERE " + " AND ".join(conditions) if conditions else ""
        order = ORDERS.get(sort, "id")
        rows = await self._pool.fetch(f"SELECT * FROM parts{where} ORDER BY {order}", *values)
        return [dict(row) for row in rows]

    async def change(self, number: int, data: dict) -> None:
        values = {name: value for name, value in data.items() if name in COLUMNS}
        if not values:
            raise web.HTTPBadRequest()
        names = ", ".join(f"{name} = ${index}" for index, name in enumerate(values, 2))
        await self._pool.execute(
            f"UPDATE parts SET {names} WHERE id = $1", number, *values.values()
        )
