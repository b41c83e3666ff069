import asyncpg
from aiohttp import web

routes = web.RouteTableDef()


class Readings:
    def __init__(self, connection) -> None:
        self._connection = connection

    async def one(self, number):
        return await self._connection.fetchrow("SELECT value FROM readings WHERE id = $1", number)


@routes.get("/readings/{id}")
async def one(request: web.Request) -> web.Response:
    row = await request.app["readings"].one(int(request.match_info["id"]))
    return web.json_response(dict(row))


async def database(app):
    pool = await asyncpg.create_pool("postgresql://localhost/meter")
    async with pool.acquire() as connection:  # expect: orm/shared-session
        app["readings"] = Readings(connection)
        yield


app = web.Application()
app.cleanup_ctx.append(database)
app.add_routes(routes)
