from aiohttp import web

routes = web.RouteTableDef()


@routes.post("/orders")
async def create(request):
    # ruleid: framework-aiohttp-body-not-awaited
    title = request.json()["title"]
    # ok: framework-aiohttp-body-not-awaited
    other = (await request.json())["other"]
    return web.json_response({"title": title, "other": other})


async def update(request: web.Request) -> web.Response:
    # ruleid: framework-aiohttp-body-not-awaited
    text = request.text().strip()
    # ok: framework-aiohttp-body-not-awaited
    body = await request.json()
    return web.json_response({"title": body["title"], "text": text})
