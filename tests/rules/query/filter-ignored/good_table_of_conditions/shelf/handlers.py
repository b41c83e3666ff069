from aiohttp import web

from shelf.repository import BookFilter, Books

routes = web.RouteTableDef()


def _criteria(request: web.Request) -> BookFilter:
    return BookFilter(
        title=request.query.get("title"),
        author=request.query.get("author"),
        shelf=request.query.get("shelf"),
    )


@routes.get("/books")
async def books(request: web.Request) -> web.Response:
    rows = await Books(request.app["pool"]).search(_criteria(request))
    return web.json_response([dict(row) for row in rows])


@routes.get("/fields")
async def by_fields(request: web.Request) -> web.Response:
    rows = await Books(request.app["pool"]).by_fields(_criteria(request))
    return web.json_response([dict(row) for row in rows])


@routes.get("/registered")
async def registered(request: web.Request) -> web.Response:
    rows = await Books(request.app["pool"]).registered(_criteria(request))
    return web.json_response([dict(row) for row in rows])


@routes.get("/spread")
async def spread(request: web.Request) -> web.Response:
    rows = await Books(request.app["pool"]).spread(_criteria(request))
    return web.json_response([dict(row) for row in rows])


@routes.get("/mapped")
async def mapped(request: web.Request) -> web.Response:
    rows = await Books(request.app["pool"]).mapped(_criteria(request))
    return web.json_response([dict(row) for row in rows])
