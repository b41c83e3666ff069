import asyncio
import time

import psycopg2
import requests
from aiohttp import web

routes = web.RouteTableDef()


@routes.get("/rates")
async def rates(request):
    # ruleid: aiohttp-sync-io-in-async
    return web.json_response(requests.get("https://rates.example/v1").json())


async def orders(request: web.Request) -> web.Response:
    # ruleid: aiohttp-sync-io-in-async
    db = psycopg2.connect("dbname=shop")
    # ok: aiohttp-sync-io-in-async
    await asyncio.sleep(1)
    return web.json_response({"status": db.status})


def prepare():
    # ok: aiohttp-sync-io-in-async
    time.sleep(1)


async def other(request: web.Request) -> web.Response:
    # ok: aiohttp-sync-io-in-async
    answer = await asyncio.to_thread(requests.get, "https://other.example")
    return web.json_response(answer.json())


@cli.option("--label")
def merge(label):
    # ok: aiohttp-sync-io-in-async
    time.sleep(1)
