import asyncpg
from aiohttp import web

from shop import keys
from shop.views import list_orders


async def create_app() -> web.Application:
    app = web.Application()
    app[keys.POOL] = await asyncpg.create_pool("postgresql://shop@db/shop")
    app.add_routes([web.get("/orders", list_orders)])
    return app
