from aiohttp import web

from shelf.repository import BookFilter, Books

routes = web.RouteTableDef()


@routes.get("/books")
async def books(request: web.Request) -> web.Response:
    criteria = BookFilter(
        title=request.query.get("title"),
        author=request.query.get("author"),  # expect: query/filter-ignored
        shelf=request.query.get("shelf"),
    )
    rows = await Books(request.app["pool"]).search(criteria)
    return web.json_response([dict(row) for row in rows])
