from aiohttp import web

LIMIT = web.AppKey("limit", int)
NAME = web.AppKey("name", str)


async def show(request: web.Request) -> web.Response:
    return web.json_response({
        "name": request.app[NAME],
        "limit": request.app[LIMIT],  # expect: framework/aiohttp-app-key error
    })


app = web.Application()
app[NAME] = "shop"
app.add_routes([web.get("/", show)])
