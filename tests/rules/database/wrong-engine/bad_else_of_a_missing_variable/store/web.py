from aiohttp import web

from store.db import Database, build_engine


async def items(request):
    return web.json_response([])


def make_app():
    app = web.Application()
    app["engine"] = build_engine()
    app["database"] = Database()
    app.router.add_get("/items", items)
    return app
