from aiohttp import web
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

from shop.models import Book

engine = create_async_engine("postgresql+asyncpg://localhost/books")


async def books(request: web.Request) -> web.Response:
    async with AsyncSession(engine) as session:
        found = (await session.scalars(select(Book).limit(20))).all()
        return web.json_response([book.title for book in found])


app = web.Application()
app.router.add_get("/books", books)
