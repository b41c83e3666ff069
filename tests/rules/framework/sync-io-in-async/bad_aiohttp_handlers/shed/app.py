import time

import psycopg2
import requests
from aiohttp import web

routes = web.RouteTableDef()


@routes.get("/rates")
async def rates(request):
    return web.json_response(requests.get("https://rates.invalid").json())  # expect: fastapi/sync-io-in-async error


async def orders(request: web.Request) -> web.Response:
    db = psycopg2.connect("dbname=shed")  # expect: fastapi/sync-io-in-async error
    return web.json_response({"status": db.status})


@routes.view("/members")
class Members(web.View):
    async def get(self) -> web.Response:
        time.sleep(1)  # expect: fastapi/sync-io-in-async error
        return web.json_response({})


def make_app():
    app = web.Application()
    app.add_routes(routes)
    app.router.add_get("/orders", orders)
    return app
