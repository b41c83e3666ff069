from aiohttp import web

from shop.filters import page

routes = web.RouteTableDef()


@routes.get("/orders")
async def list_orders(request: web.Request) -> web.Response:
    return web.json_response({"page": page(request)})


@routes.post("/orders")
async def add_order(request: web.Request) -> web.Response:
    order = await request.get_json()  # expect: framework/unknown-member
    return web.json_response(order, status=201)


app = web.Application()
app.add_routes(routes)
