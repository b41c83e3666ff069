from aiohttp import web

from shelf.repository import Books

routes = web.RouteTableDef()


def _page(request):
    limit = min(int(request.query.get("limit", 20)), 100)
    return limit, int(request.query.get("offset", 0))


@routes.get("/shelves/{shelf}/books")
async def of_shelf(request: web.Request) -> web.Response:
    limit, offset = _page(request)
    books = await Books(request.app["pool"]).of_shelf(
        int(request.match_info["shelf"]), limit, offset
    )
    return web.json_response(books)


@routes.get("/following")
async def following(request: web.Request) -> web.Response:
    limit, offset = _page(request)
    return web.json_response(await Books(request.app["pool"]).following(7, limit, offset))
