from aiohttp import web

routes = web.RouteTableDef()


@routes.get("/books")
async def books(request: web.Request) -> web.Response:
    query = "SELECT id, title FROM books WHERE true"
    values = []
    title = request.query.get("title")
    author = request.query.get("author")
    if title:
        query += " AND title = $1"
        values.append(title)
    if author:
        query += " AND author = $1"  # expect: query/parameter-count
        values.append(author)
    async with request.app["pool"].acquire() as connection:
        rows = await connection.fetch(query + " ORDER BY id", *values)
    return web.json_response([dict(row) for row in rows])
