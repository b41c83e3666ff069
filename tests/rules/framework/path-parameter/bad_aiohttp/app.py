from aiohttp import web


class Boats:
    async def show(self, request: web.Request) -> web.Response:
        return web.json_response({"name": request.match_info["name"]})

    async def crew(self, request: web.Request) -> web.Response:
        number = request.match_info["member"]  # expect: framework/path-parameter
        return web.json_response({"member": number})


routes = web.RouteTableDef()


@routes.get(r"/harbours/{code:\w+}")
async def harbour(request: web.Request) -> web.Response:
    return web.json_response({"id": request.match_info["id"]})  # expect: framework/path-parameter


def create_app() -> web.Application:
    app = web.Application()
    boats = Boats()
    app.router.add_get("/boats/{name}", boats.show)
    app.router.add_get("/boats/{name}/crew/{number}", boats.crew)
    app.add_routes(routes)
    return app
