import asyncpg


async def connect(url: str) -> asyncpg.Connection:
    return await asyncpg.connect(url, command_timeout=5)  # expect: orm/shared-session
