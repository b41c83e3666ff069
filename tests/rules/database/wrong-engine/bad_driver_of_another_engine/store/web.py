from aiohttp import web

from store.db import Store


async def items(request):
    return web.json_response([row[0] for row in await request.app["store"].items()])


async def open_store(app):
    app["store"] = Store()
    await app["store"].open()
    yield


def make_app():
    app = web.Application()
    app.cleanup_ctx.append(open_store)
    app.router.add_get("/items", items)
    return app
