import asyncio
import time
from unittest import mock

import psycopg2
import requests
from aiohttp import web

from shop.clock import Clock
from shop.commands import bot, cli

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


@routes.view("/members")
class Members(web.View):
    async def get(self) -> web.Response:
        # ruleid: aiohttp-sync-io-in-async
        time.sleep(1)
        return web.json_response({})

    def names(self) -> list[str]:
        # ok: aiohttp-sync-io-in-async
        return requests.get("https://members.example").json()


def prepare():
    # ok: aiohttp-sync-io-in-async
    time.sleep(1)


async def other(request: web.Request) -> web.Response:
    # ok: aiohttp-sync-io-in-async
    answer = await asyncio.to_thread(requests.get, "https://other.example")
    return web.json_response(answer.json())


async def threads(request: web.Request) -> web.Response:
    loop = asyncio.get_running_loop()
    # ok: aiohttp-sync-io-in-async
    await loop.run_in_executor(None, lambda: requests.get("https://a.example"))
    # ok: aiohttp-sync-io-in-async
    await loop.run_in_executor(None, lambda url: requests.get(url), "https://b.example")
    if request.query:

        def fetch():
            # ok: aiohttp-sync-io-in-async
            return requests.get("https://c.example")

        await asyncio.to_thread(fetch)
    return web.json_response({})


# a plain function that takes a request: it may be run in a thread
def report(request: web.Request) -> bytes:
    # ok: aiohttp-sync-io-in-async
    return requests.get(request.query["url"]).content


async def asynchronous(request: web.Request) -> web.Response:
    async with request.app["client"] as client:
        # ok: aiohttp-sync-io-in-async
        return web.json_response(await (await client.get("https://d.example")).json())


async def clocked(request: web.Request, time: Clock) -> web.Response:
    # ok: aiohttp-sync-io-in-async
    await time.sleep(1)
    return web.json_response({})


# decorators that register no handler
@cli.option("--label")
def merge(label):
    # ok: aiohttp-sync-io-in-async
    time.sleep(1)


@bot.command("start")
async def start(message):
    # ok: aiohttp-sync-io-in-async
    time.sleep(1)


@mock.patch("shop.rates.requests")
async def test_rates(rates):
    # ok: aiohttp-sync-io-in-async
    time.sleep(1)


async def at_start(app: web.Application) -> None:
    # ok: aiohttp-sync-io-in-async
    psycopg2.connect("dbname=shop").close()
