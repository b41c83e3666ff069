import asyncpg
from aiohttp import web

from meter.container import build
from meter.database import connect
from meter.keys import SERVICES

routes = web.RouteTableDef()


@web.middleware
async def authenticate(request, handler):
    token = request.headers.get("Authorization", "")
    request["owner"] = await request.app[SERVICES].tokens.owner(token)
    return await handler(request)


@routes.get("/readings/{id}")
async def one(request: web.Request) -> web.Response:
    row = await request.app[SERVICES].readings.one(int(request.match_info["id"]))
    return web.json_response(dict(row))


async def database(app: web.Application):
    pool = await asyncpg.create_pool("postgresql://localhost/meter")
    lookup = await connect("postgresql://localhost/meter")
    app[SERVICES] = build(pool, lookup)
    yield
    await lookup.close()
    await pool.close()


def create_app() -> web.Application:
    app = web.Application(middlewares=[authenticate])
    app.cleanup_ctx.append(database)
    app.add_routes(routes)
    return app
