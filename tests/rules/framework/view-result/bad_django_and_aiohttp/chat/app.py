from aiohttp import web


@web.middleware
async def errors(request, handler):
    try:
        return await handler(request)
    except KeyError:
        print("unknown")  # expect: framework/view-result


async def rooms(request):
    return {"rooms": []}  # expect: framework/view-result


app = web.Application(middlewares=[errors])
app.router.add_get("/rooms", rooms)
