from aiohttp import web
from sqlalchemy import text

from shop.engine import open_engine

ENGINE = open_engine()


async def health(request: web.Request) -> web.Response:
    async with ENGINE.connect() as connection:
        await connection.execute(text("SELECT 1"))
    return web.json_response({"ok": True})


app = web.Application()
app.add_routes([web.get("/health", health)])
