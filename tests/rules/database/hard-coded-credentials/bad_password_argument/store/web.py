from aiohttp import web

from store.db import connect


async def items(request):
    return web.json_response([str(connect())])


def make_app():
    app = web.Application()
    app.router.add_get("/items", items)
    return app
