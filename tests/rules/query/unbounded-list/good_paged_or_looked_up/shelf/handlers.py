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


@routes.get("/books")
async def books(request: web.Request) -> web.Response:
    found = await Books(request.app["pool"]).by_number(
        [int(part) for part in request.query.get("ids", "").split(",")], *_page(request)
    )
    return web.json_response(found)


@routes.get("/books/{book}/chapters")
async def chapters(request: web.Request) -> web.Response:
    found = await Books(request.app["pool"]).chapters(int(request.match_info["book"]))
    return web.json_response(found)
