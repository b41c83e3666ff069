from aiohttp import web


def close(app):  # expect: aiohttp/app-hook
    app["pool"].clear()


async def pool(app):  # expect: aiohttp/app-hook
    app["pool"] = {}


async def errors(request, handler):  # expect: aiohttp/app-hook
    try:
        return await handler(request)
    except ValueError:
        return web.json_response({}, status=422)


async def orders(request):
    return web.json_response([])


app = web.Application(middlewares=[errors])
app.cleanup_ctx.append(pool)
app.on_cleanup.append(close)
app.router.add_get("/orders", orders)
