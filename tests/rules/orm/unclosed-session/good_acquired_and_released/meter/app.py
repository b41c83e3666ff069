import asyncpg
from aiohttp import web

from meter.handlers import routes


async def start(app):
    app["db"] = await asyncpg.create_pool("postgresql://localhost/meter")


app = web.Application()
app.on_startup.append(start)
app.add_routes(routes)
