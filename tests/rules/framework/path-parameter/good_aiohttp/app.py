from aiohttp import web

routes = web.RouteTableDef()


@routes.get(r"/harbours/{code:\w+}")
async def harbour(request: web.Request) -> web.Response:
    return web.json_response({"code": request.match_info["code"]})


@routes.get("/boats")
@routes.get("/boats/{name}")
async def boats(request: web.Request) -> web.Response:
    name = request.match_info["name"] if "name" in request.match_info else None
    return web.json_response({"name": name, "page": request.match_info.get("page")})


@routes.get("/piers/{number}")
async def pier(request: web.Request) -> web.Response:
    try:
        number = int(request.match_info["pier"])
    except KeyError:
        number = int(request.match_info["number"])
    return web.json_response({"number": number})


def create_app() -> web.Application:
    app = web.Application()
    app.add_routes(routes)
    return app
