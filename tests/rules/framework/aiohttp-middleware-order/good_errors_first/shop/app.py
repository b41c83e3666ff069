from aiohttp import web

from shop.middlewares import authentication, errors, members_only


async def show(request):
    return web.json_response({"user": request["user"]})


app = web.Application(middlewares=[errors, authentication, members_only])
app.add_routes([web.get("/", show)])
