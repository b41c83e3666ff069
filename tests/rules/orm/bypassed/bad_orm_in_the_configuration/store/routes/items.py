from aiohttp import web

from store.repositories.items import ItemRepository


async def cheap(request):
    found = await ItemRepository(request.app["connection"]).cheap(10)
    return web.json_response([row[0] for row in found])


def add_routes(app):
    app.router.add_get("/items", cheap)
