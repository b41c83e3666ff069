import aiosqlite
from aiohttp import web

from meter.handlers import routes


async def start(app):
    app["db"] = await aiosqlite.connect("meter.db")


app = web.Application()
app.on_startup.append(start)
app.add_routes(routes)
