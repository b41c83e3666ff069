from aiohttp import web

from stock.parts import Parts

routes = web.RouteTableDef()


@routes.get("/parts")
async def listed(request: web.Request) -> web.Response:
    parts = Parts(request.app["pool"])
    found = await parts.search(request.query.get("q", "").strip(), request.query.get("sort"))
    return web.json_response(found)


@routes.patch("/parts/{id}")
async def changed(request: web.Request) -> web.Response:
    parts = Parts(request.app["pool"])
    await parts.change(int(request.match_info["id"]), await request.json())
    return web.json_response({})
