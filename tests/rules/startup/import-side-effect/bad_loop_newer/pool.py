import asyncio

import asyncpg


async def make():
    return await asyncpg.create_pool("postgresql://db/ledger")


pool = asyncio.run(make())  # expect: startup/import-side-effect warning
