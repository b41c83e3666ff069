import asyncpg
from aiohttp import web

from shelf.handlers import routes


async def start(app):
    app["pool"] = await asyncpg.create_pool("postgresql://localhost/shelf")


app = web.Application()
app.on_startup.append(start)
app.add_routes(routes)
