import asyncpg


async def lend(pool: asyncpg.Pool, member_id: int, crate_id: int) -> None:
    await pool.execute(  # expect: query/conflict-without-key
        "INSERT INTO loans (member_id, crate_id) VALUES ($1, $2)"
        " ON CONFLICT (member_id, crate_id) DO NOTHING",
        member_id,
        crate_id,
    )
