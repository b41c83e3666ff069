"""Tables that are made elsewhere, columns and joins that only the running program knows."""

import asyncpg

TABLE = "CREATE TABLE IF NOT EXISTS events (id serial PRIMARY KEY, kind text, payload jsonb)"


async def create(pool: asyncpg.Pool, extra: str) -> None:
    await pool.execute(TABLE)
    await pool.execute(f"CREATE TABLE IF NOT EXISTS custom (id serial PRIMARY KEY, {extra})")


async def find(pool: asyncpg.Pool, joins: str, order: str, columns: list[str]):
    await pool.fetch(f"SELECT custom.colour FROM custom WHERE custom.size > $1", 3)
    await pool.fetch("SELECT l.name FROM ledger l WHERE l.year = $1", 2024)
    await pool.fetch(f"SELECT e.id, o.name FROM events e {joins} WHERE o.name = $1", "x")
    await pool.fetch(f"SELECT {', '.join(columns)} FROM events ORDER BY {order}")
    return await pool.fetch(
        """
        SELECT e.kind, item.value ->> 'name' AS name, n.n
          FROM events e
          CROSS JOIN LATERAL jsonb_array_elements(e.payload -> 'items') AS item
          CROSS JOIN generate_series(1, 3) AS n(n)
         WHERE item.value ->> 'kind' = e.kind AND e.ctid IS NOT NULL AND current_user <> e.kind
        """
    )


async def events(pool: asyncpg.Pool, with_kind: bool):
    join = "JOIN kinds k ON k.name = e.kind" if with_kind else ""
    shown = ", k.title" if with_kind else ""
    return await pool.fetch(f"SELECT e.id{shown} FROM events e {join}")


async def rows_as_json(pool: asyncpg.Pool):
    return await pool.fetch("SELECT to_jsonb(e) FROM events e ORDER BY e")
