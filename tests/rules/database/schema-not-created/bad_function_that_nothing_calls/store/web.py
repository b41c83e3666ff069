from aiohttp import web
from sqlalchemy import select

from store.db import Session
from store.models import Item


async def items(request):
    async with Session() as session:
        found = await session.scalars(select(Item))
        return web.json_response([item.id for item in found])


def make_app():
    app = web.Application()
    app.router.add_get("/items", items)
    return app
