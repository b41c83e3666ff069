import asyncpg
from aiohttp import web

from stock.handlers import routes


async def start(app):
    app["pool"] = await asyncpg.create_pool("postgresql://localhost/stock")


app = web.Application()
app.on_startup.append(start)
app.add_routes(routes)
