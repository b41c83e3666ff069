from aiohttp import web


async def close(app):
    app["pool"].clear()


def started(app):
    return notify(app)


async def notify(app):
    print(app)


async def pool(app):
    app["pool"] = {}
    yield
    app["pool"].clear()


@web.middleware
async def errors(request, handler):
    return await handler(request)


async def old_style(app, handler):
    async def middleware(request):
        return await handler(request)

    return middleware


async def orders(request):
    return web.json_response([])


app = web.Application(middlewares=[errors, old_style])
app.cleanup_ctx.append(pool)
app.on_startup.append(started)
app.on_cleanup.append(close)
app.router.add_get("/orders", orders)
