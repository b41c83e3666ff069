from aiohttp import web

from store.db import Session


async def items(request):
    with Session() as session:
        return web.json_response({"info": str(session.info)})


def make_app():
    app = web.Application()
    app.router.add_get("/items", items)
    return app
