import asyncpg
from aiohttp import web

from meter.repository import Full, Readings

routes = web.RouteTableDef()


@web.middleware
async def locked(request, handler):
    pool = request.app["pool"]
    connection = await pool.acquire()  # expect: orm/unclosed-session
    request["connection"] = connection
    response = await handler(request)
    await pool.release(connection)
    return response


@routes.post("/readings")
async def add(request: web.Request) -> web.Response:
    data = await request.json()
    try:
        await Readings(request.app["pool"]).add(int(data["value"]))
    except Full:
        return web.json_response({}, status=409)
    return web.json_response({})


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


app = web.Application(middlewares=[locked])
app.on_startup.append(start)
app.add_routes(routes)
