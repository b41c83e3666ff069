from aiohttp import web

routes = web.RouteTableDef()


@routes.get("/tags")
async def listing(request: web.Request) -> web.Response:
    return web.json_response([])
