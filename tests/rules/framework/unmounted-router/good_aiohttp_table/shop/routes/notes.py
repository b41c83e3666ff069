from aiohttp import web

routes = web.RouteTableDef()


@routes.get("/notes")
async def listing(request: web.Request) -> web.Response:
    return web.json_response([])
