import asyncpg
from aiohttp import web

from harbour.berths import Berths

routes = web.RouteTableDef()
BERTHS = web.AppKey("berths", Berths)


def berth_shape(row):
    shape = {"id": row["id"], "name": row["name"]}
    if "harbour" in row:
        shape["harbour"] = row["harbour"]
    try:
        shape["depth"] = row["depth"]
    except KeyError:
        shape["depth"] = None
    return shape


@routes.get("/berths")
async def listing(request):
    berths = await request.app[BERTHS].all()
    return web.json_response([{"name": each["name"], "at": each["harbour"]} for each in berths])


@routes.get("/berths/some")
async def some(request):
    found, longest = await request.app[BERTHS].some(request.query.getall("name"))
    return web.json_response({"berths": found, "longest": longest})


@routes.get("/berths/search")
async def search(request):
    rows = await request.app[BERTHS].search(["name", "length"])
    return web.json_response([row["length"] for row in rows])


@routes.get("/berths/{name}")
async def one(request):
    full = "full" in request.query
    row = await request.app[BERTHS].find(request.match_info["name"], full)
    if row is None:
        raise web.HTTPNotFound()
    return web.json_response(berth_shape(row))


async def on_startup(app):
    app[BERTHS] = Berths(await asyncpg.create_pool("postgresql:///harbour"))


def create_app():
    app = web.Application()
    app.add_routes(routes)
    app.on_startup.append(on_startup)
    return app
