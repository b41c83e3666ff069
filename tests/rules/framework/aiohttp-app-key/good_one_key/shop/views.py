from aiohttp import web

from shop.keys import POOL as DATABASE


async def list_orders(request: web.Request) -> web.Response:
    rows = await request.app[DATABASE].fetch("SELECT id FROM orders LIMIT 20")
    return web.json_response([row["id"] for row in rows])
