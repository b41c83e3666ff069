import asyncpg
from aiohttp import web

from harbour.berths import Berths
from harbour.shapes import berth_shape, line_shape

routes = web.RouteTableDef()
BERTHS = web.AppKey("berths", Berths)


@routes.get("/berths")
async def listing(request):
    return web.json_response([line_shape(berth) for berth in await request.app[BERTHS].all()])


@routes.get("/berths/{name}")
async def one(request):
    row = await request.app[BERTHS].find(request.match_info["name"])
    if row is None:
        raise web.HTTPNotFound()
    return web.json_response(berth_shape(row))


@routes.post("/berths")
async def add(request):
    body = await request.json()
    return web.json_response(await request.app[BERTHS].add(body["name"]), status=201)


async def on_startup(app):
    app[BERTHS] = Berths(await asyncpg.create_pool("postgresql:///harbour"))


def create_app():
    app = web.Application()
    app.add_routes(routes)
    app.on_startup.append(on_startup)
    return app
