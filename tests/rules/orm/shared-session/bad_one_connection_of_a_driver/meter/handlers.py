from aiohttp import web

routes = web.RouteTableDef()


@routes.get("/readings/{id}")
async def read(request: web.Request) -> web.Response:
    conn = request.app["db"]
    row = await conn.fetchrow(
        "SELECT * FROM readings WHERE id = $1", int(request.match_info["id"])
    )
    return web.json_response(dict(row))


@routes.post("/readings")
async def add(request: web.Request) -> web.Response:
    data = await request.json()
    await request.app["db"].execute("INSERT INTO readings (value) VALUES ($1)", data["value"])
    return web.json_response({})
