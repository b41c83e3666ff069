import asyncpg
from aiohttp import web

from meter.repository import Full, Readings

routes = web.RouteTableDef()


@web.middleware
async def held(request, handler):
    pool = request.app["pool"]
    connection = await pool.acquire()
    request["connection"] = connection
    try:
        return await handler(request)
    finally:
        await pool.release(connection)


@routes.post("/readings")
async def add(request: web.Request) -> web.Response:
    data = await request.json()
    try:
        await Readings(request.app["pool"]).add(int(data["value"]))
    except Full:
        return web.json_response({}, status=409)
    return web.json_response({"sum": await Readings(request.app["pool"]).summed()})


@routes.get("/readings/{id}")
async def one(request: web.Request) -> web.Response:
    value = await Readings(request.app["pool"]).one(int(request.match_info["id"]))
    return web.json_response({"value": value})


@routes.put("/readings/{id}")
async def change(request: web.Request) -> web.Response:
    data = await request.json()
    await Readings(request.app["pool"]).change(int(request.match_info["id"]), int(data["value"]))
    return web.json_response({})


@routes.delete("/readings/{id}")
async def remove(request: web.Request) -> web.Response:
    await Readings(request.app["pool"]).remove(int(request.match_info["id"]))
    return web.json_response({})


async def start(app):
    app["pool"] = await asyncpg.create_pool("postgresql://localhost/meter")


app = web.Application(middlewares=[held])
app.on_startup.append(start)
app.add_routes(routes)
