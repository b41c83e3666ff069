import asyncio

import asyncpg
from aiohttp import web

routes = web.RouteTableDef()


class Readings:
    """Takes its users one after another."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection
        self._lock = asyncio.Lock()

    async def one(self, number):
        async with self._lock:
            return await self._connection.fetchrow(
                "SELECT value FROM readings WHERE id = $1", number
            )


class Sums:
    """Has the request's own connection."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection

    async def all(self):
        return await self._connection.fetchval("SELECT sum(value) FROM readings")


@web.middleware
async def connected(request, handler):
    async with request.app["pool"].acquire() as connection:
        request["sums"] = Sums(connection)
        request["connection"] = connection
        return await handler(request)


@routes.get("/readings/{id}")
async def one(request: web.Request) -> web.Response:
    row = await request.app["readings"].one(int(request.match_info["id"]))
    return web.json_response(dict(row))


@routes.get("/sums")
async def sums(request: web.Request) -> web.Response:
    last = await request["connection"].fetchval("SELECT max(id) FROM readings")
    return web.json_response({"sum": await request["sums"].all(), "last": last})


async def database(app):
    app["pool"] = await asyncpg.create_pool("postgresql://localhost/meter")
    connection = await asyncpg.connect("postgresql://localhost/meter")
    app["readings"] = Readings(connection)
    listener = await asyncpg.connect("postgresql://localhost/meter")
    await listener.add_listener("changed", print)
    app["listener"] = listener
    yield
    await connection.close()
    await listener.close()


app = web.Application(middlewares=[connected])
app.cleanup_ctx.append(database)
app.add_routes(routes)
