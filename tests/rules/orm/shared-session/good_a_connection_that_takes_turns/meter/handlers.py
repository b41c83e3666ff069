from aiohttp import web

routes = web.RouteTableDef()


@routes.get("/readings")
async def listed(request: web.Request) -> web.Response:
    cursor = await request.app["db"].execute("SELECT * FROM readings LIMIT 50")
    return web.json_response(await cursor.fetchall())


@routes.post("/readings")
async def add(request: web.Request) -> web.Response:
    data = await request.json()
    db = request.app["db"]
    await db.execute("INSERT INTO readings (value) VALUES (?)", (data["value"],))
    await db.commit()
    return web.json_response({})
