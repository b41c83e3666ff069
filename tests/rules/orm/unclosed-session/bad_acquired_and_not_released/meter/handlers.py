from aiohttp import web

routes = web.RouteTableDef()


@routes.get("/readings/{id}")
async def read(request: web.Request) -> web.Response:
    number = int(request.match_info["id"])
    conn = await request.app["db"].acquire()  # expect: orm/unclosed-session
    row = await conn.fetchrow("SELECT * FROM readings WHERE id = $1", number)
    return web.json_response(dict(row))
