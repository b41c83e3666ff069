from aiohttp import web

routes = web.RouteTableDef()


@routes.get("/notes")  # expect: framework/unmounted-router
async def listing(request: web.Request) -> web.Response:
    return web.json_response([])
