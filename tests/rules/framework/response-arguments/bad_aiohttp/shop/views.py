from aiohttp import web


async def add(request: web.Request) -> web.Response:
    return web.json_response({"added": True}, status_code=201)  # expect: framework/response-arguments


async def change(request: web.Request) -> web.Response:
    return web.json_response({"changed": True}, 202)  # expect: framework/response-arguments


async def show(request: web.Request) -> web.Response:
    if "key" not in request.query:
        raise web.HTTPNotFound("no such order")  # expect: framework/response-arguments
    if request.query["key"] == "0":
        return web.Response("nothing", status=404)  # expect: framework/response-arguments
    return web.Response(body={"key": 1})  # expect: framework/response-arguments
