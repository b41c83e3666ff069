import os

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

from store.models import Item

engine = create_async_engine(os.environ["DATABASE_URL"])


async def items(request):
    async with AsyncSession(engine) as session:
        session.add(Item())
        await session.commit()
    return web.json_response([])


def make_app():
    app = web.Application()
    app.router.add_post("/items", items)
    return app
