from aiohttp import web

from store.db import first_that_answers, one_or_the_other, or_memory


async def items(request):
    return web.json_response([])


def make_app():
    app = web.Application()
    app["engines"] = [first_that_answers(), or_memory(), one_or_the_other()]
    app.router.add_get("/items", items)
    return app
