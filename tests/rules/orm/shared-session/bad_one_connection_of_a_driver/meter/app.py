import asyncpg
from aiohttp import web

from meter.handlers import routes


async def start(app):
    app["db"] = await asyncpg.connect("postgresql://localhost/meter")  # expect: orm/shared-session


app = web.Application()
app.on_startup.append(start)
app.add_routes(routes)
