import asyncpg

COLUMNS = "b.id, b.name, b.length"


class Berths:
    def __init__(self, pool: asyncpg.Pool):
        self._pool = pool

    async def find(self, name: str, with_harbour: bool):
        more = ", h.name AS harbour" if with_harbour else ""
        async with self._pool.acquire() as connection:
            return await connection.fetchrow(
                f"SELECT {COLUMNS}{more} FROM berths b JOIN harbours h ON h.id = b.harbour_id"
                " WHERE b.name = $1",
                name,
            )

    async def all(self):
        async with self._pool.acquire() as connection:
            rows = await connection.fetch("SELECT id, name FROM berths ORDER BY name")
        berths = [dict(row) for row in rows]
        for berth in berths:
            self._complete(berth)
        return berths

    def _complete(self, berth):
        berth["harbour"] = "Old Port"

    async def some(self, names: list[str]):
        async with self._pool.acquire() as connection:
            rows = await connection.fetch(
                'SELECT name, length AS "berthLength", harbours.* FROM berths'
                " JOIN harbours ON harbours.id = harbour_id WHERE name = ANY($1)",
                names,
            )
            total = await connection.fetchrow("SELECT count(*), max(length) FROM berths")
        return [(row["name"], row["berthLength"], row["mole"]) for row in rows], total["max"]

    async def search(self, columns: list[str]):
        async with self._pool.acquire() as connection:
            return await connection.fetch(f"SELECT {', '.join(columns)} FROM berths")
