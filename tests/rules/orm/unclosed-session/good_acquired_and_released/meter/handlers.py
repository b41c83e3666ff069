from aiohttp import web

routes = web.RouteTableDef()


@routes.get("/readings/{id}")
async def read(request: web.Request) -> web.Response:
    number = int(request.match_info["id"])
    pool = request.app["db"]
    conn = await pool.acquire()
    try:
        row = await conn.fetchrow("SELECT * FROM readings WHERE id = $1", number)
    finally:
        await pool.release(conn)
    async with pool.acquire() as other:
        await other.execute("UPDATE counts SET n = n + 1")
    return web.json_response(dict(row))
