from aiohttp import web

from shop.middlewares import authentication, errors, members_only


async def show(request):
    return web.json_response({"user": request["user"]})


app = web.Application(middlewares=[authentication, errors, members_only])  # expect: framework/aiohttp-middleware-order error
app.add_routes([web.get("/", show)])
members = web.Application(
    middlewares=[
        members_only,  # expect: framework/aiohttp-middleware-order error
        errors,
    ]
)
