import aiosqlite
from aiohttp import web

from store.routes.items import add_routes


async def open_database(app):
    app["connection"] = await aiosqlite.connect(app["path"])
    yield
    await app["connection"].close()


def make_app():
    app = web.Application()
    app.cleanup_ctx.append(open_database)
    add_routes(app)
    return app
