from aiohttp import web

routes = web.RouteTableDef()


@web.middleware
async def identify(request, handler):
    request["identity"] = request.headers.get("Authorization")
    return await handler(request)


@routes.get("/me")
async def me(request):
    return web.json_response({"name": request["identity"]})


@routes.get("/tags")
async def tags(request):
    shown = request["shown"] if "shown" in request else 10
    return web.json_response({"shown": shown})


app = web.Application(middlewares=[identify])
app.add_routes(routes)
