from aiohttp import web

routes = web.RouteTableDef()


@routes.get("/boxes")
async def boxes(request):
    return web.json_response([])


@routes.get("/boxes/{number}")
async def box(request):
    return web.json_response({})


@routes.get("/stock/")  # expect: contract/missing-route
async def stock(request):
    return web.json_response({})


app = web.Application()
app.add_routes(routes)
web.run_app(app)
