import functools

from aiohttp import web

routes = web.RouteTableDef()


def signed_in(handler):
    @functools.wraps(handler)
    async def wrapper(request):
        request["identity"] = request.headers["Authorization"]
        return await handler(request)

    return wrapper


@routes.get("/me")
@signed_in
async def me(request):
    return web.json_response({"name": request["identity"]})


@routes.post("/orders")
async def add(request):  # expect: framework/unset-variable
    return web.json_response({"by": request["identity"]}, status=201)


app = web.Application()
app.add_routes(routes)
