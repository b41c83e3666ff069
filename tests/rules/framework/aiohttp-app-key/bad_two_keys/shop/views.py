import asyncpg
from aiohttp import web

POOL = web.AppKey("pool", asyncpg.Pool)


async def list_orders(request: web.Request) -> web.Response:
    rows = await request.app[POOL].fetch("SELECT id FROM orders LIMIT 20")  # expect: framework/aiohttp-app-key error
    return web.json_response([row["id"] for row in rows])
