from fastapi import Request
from psycopg_pool import AsyncConnectionPool


def opened() -> AsyncConnectionPool:
    return AsyncConnectionPool("postgresql:///pier", open=False)


async def connection(request: Request):
    async with request.app.state.pool.connection() as conn:
        yield conn
