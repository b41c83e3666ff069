from aiohttp import web

LIMIT = web.AppKey("limit", int)
NAME = web.AppKey("name", str)
COLOUR = web.AppKey("colour", str)
SIZE = web.AppKey("size", int)


def configure(app: web.Application, settings: dict) -> None:
    for key, value in {LIMIT: 20, NAME: "shop"}.items():
        app[key] = settings.get(str(key), value)


async def show(request: web.Request) -> web.Response:
    colour = request.app[COLOUR] if COLOUR in request.app else "red"
    try:
        size = request.app[SIZE]
    except KeyError:
        size = 0
    return web.json_response({"limit": request.app[LIMIT], "name": request.app[NAME], "look": [colour, size]})


app = web.Application()
configure(app, {})
app.add_routes([web.get("/", show)])
