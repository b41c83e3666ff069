from aiohttp import web


class Denied(Exception):
    pass


def check(token):
    if token != "secret":
        raise Denied


@web.middleware
async def errors(request, handler):
    try:
        return await handler(request)
    except Denied:
        return web.json_response({}, status=403)


@web.middleware
async def guard(request, handler):
    try:
        check(request.headers.get("X-Token"))
    except Denied:
        return web.json_response({}, status=403)
    if request.method == "TRACE":
        raise web.HTTPMethodNotAllowed("TRACE", ["GET"])
    return await handler(request)


@web.middleware
async def outermost(request, handler):
    try:
        return await handler(request)
    except Exception:
        return web.json_response({}, status=500)


@web.middleware
async def strict(request, handler):
    check(request.headers.get("X-Token"))
    return await handler(request)


app = web.Application(middlewares=[guard, errors])
other = web.Application(middlewares=[errors, strict, errors])
third = web.Application(middlewares=[outermost, strict, errors])
