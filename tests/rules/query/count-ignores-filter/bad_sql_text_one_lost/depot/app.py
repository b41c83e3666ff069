import asyncpg
from aiohttp import web

from depot.crates import Crates


async def crates(request):
    query = request.query
    limit, offset = int(query.get("limit", 20)), int(query.get("offset", 0))
    store = Crates(request.app["pool"])
    rows = await store.page(query.get("shelf"), query.get("colour"), limit, offset)
    total = await store.total(query.get("shelf"), query.get("colour"))
    return web.json_response({"crates": [dict(row) for row in rows], "total": total})


async def connect(app):
    app["pool"] = await asyncpg.create_pool("postgresql://localhost/depot")
    yield
    await app["pool"].close()


def make_app():
    app = web.Application()
    app.cleanup_ctx.append(connect)
    app.router.add_get("/crates", crates)
    return app
