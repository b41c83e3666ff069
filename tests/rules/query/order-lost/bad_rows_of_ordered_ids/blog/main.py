from aiohttp import web

from blog.entries import Entries
from blog.tables import sessions

routes = web.RouteTableDef()


def shown(entry):
    return {"id": entry.id, "title": entry.title}


@routes.get("/entries")
async def newest(request):
    async with sessions() as session:
        entries = await Entries(session).newest(20)
        return web.json_response({"entries": [shown(entry) for entry in entries]})


@routes.get("/entries/marked")
async def marked(request):
    async with sessions() as session:
        return web.json_response([shown(one) for one in await Entries(session).marked(20)])


@routes.get("/entries/last")
async def last(request):
    async with sessions() as session:
        return web.json_response([shown(one) for one in await Entries(session).last(5)])


app = web.Application()
app.add_routes(routes)
