import asyncpg
from sqlalchemy.ext.asyncio import create_async_engine

from app.settings import settings

FALLBACK = "sqlite+aiosqlite:///:memory:"


async def reachable(url):
    try:
        connection = await asyncpg.connect(url)
        await connection.close()
    except OSError:
        return False
    return True


async def make_engine():
    url = settings.database_url
    if not await reachable(url):
        url = FALLBACK  # expect: database/wrong-engine error
    return create_async_engine(url)
