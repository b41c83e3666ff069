from aiohttp import web
from vendored import render, store

routes = web.RouteTableDef()


def with_scale(body, big):
    if big:
        return {**body, "scale": 2}
    return {"map": body["map"], "scale": 1}


@routes.get("/maps")
async def maps(request):
    return web.json_response(render(await store.all()))


@routes.post("/maps")
async def add(request):
    body = {"map": await store.add()}
    body["scale"] = 1
    return web.json_response(body, status=201)


@routes.get("/maps/{number}")
async def show(request):
    body = {"map": {"title": "x"}}
    return web.json_response(with_scale(body, request.query.get("big")))


@routes.put("/maps/{number}")
async def change(request):
    body = {"map": {}}
    store.complete(body)
    return web.json_response(body)


@routes.get("/seas/{number}")
async def sea(request):
    body = {"map": {}, **(await store.sea())}
    return web.json_response(body)


app = web.Application()
app.add_routes(routes)
