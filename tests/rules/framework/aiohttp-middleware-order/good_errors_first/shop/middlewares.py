from aiohttp import web

from shop import tokens
from shop.errors import ShopError, Unauthorized


@web.middleware
async def errors(request, handler):
    try:
        return await handler(request)
    except ShopError as error:
        return web.json_response({"error": str(error)}, status=error.status)


@web.middleware
async def authentication(request, handler):
    token = request.headers.get("Authorization")
    request["user"] = tokens.read(token) if token else None
    return await handler(request)


@web.middleware
async def members_only(request, handler):
    if request.get("user") is None:
        raise Unauthorized("log in first")
    return await handler(request)
