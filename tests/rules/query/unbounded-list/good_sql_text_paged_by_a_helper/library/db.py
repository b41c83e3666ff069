import asyncpg
from fastapi import Request


async def connect() -> asyncpg.Pool:
    return await asyncpg.create_pool("postgresql://localhost/library")


async def connection(request: Request):
    async with request.app.state.pool.acquire() as conn:
        yield conn
