from aiohttp import web

from store.db import engine
from store.ratings import RatingSession


async def ratings(request):
    with RatingSession() as session:
        return web.json_response([str(session.info), str(engine.url)])


def make_app():
    app = web.Application()
    app.router.add_get("/ratings", ratings)
    return app
