import asyncio
import functools
import sqlite3
import time
import urllib.request
from unittest import mock

import httpx
import requests
import responses
from fastapi import APIRouter, BackgroundTasks, Depends, FastAPI
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse

from shop.clock import Clock, clock
from shop.limits import limiter
from shop.purchases import PurchaseRequests, purchase_requests

router = APIRouter()
members = APIRouter()


@router.get("/rates")
async def rates():
    # ruleid: fastapi-sync-io-in-async
    answer = requests.get("https://rates.example/v1")
    # ruleid: fastapi-sync-io-in-async
    time.sleep(1)
    return answer.json()


@router.get("/limited", response_model=list[int])
@limiter.limit("5/minute")
async def limited(
    page: int,
) -> list[int]:
    # ruleid: fastapi-sync-io-in-async
    return httpx.get("https://rates.example/v1").json()


@members.post("/orders")
async def order():
    # ruleid: fastapi-sync-io-in-async
    with sqlite3.connect("shop.db") as db:
        db.execute("DELETE FROM orders")


class Pages:
    @router.get("/page")
    async def page(self):
        # ruleid: fastapi-sync-io-in-async
        return urllib.request.urlopen("https://page.example").read()


def make_app():
    app = FastAPI()

    @app.get("/inner")
    async def inner():
        # ruleid: fastapi-sync-io-in-async
        return requests.get("https://inner.example").json()

    @app.get("/plain")
    def plain():
        # ok: fastapi-sync-io-in-async
        return requests.get("https://plain.example").json()

    return app


# FastAPI runs a plain function in a thread
@router.get("/members")
def listed():
    # ok: fastapi-sync-io-in-async
    return requests.get("https://members.example").json()


async def make_test_app():
    app = FastAPI()

    @app.get("/slow")
    def slow():
        # ok: fastapi-sync-io-in-async
        time.sleep(1)

    return app


# a function inside the handler may be run in a thread
@router.get("/other")
async def other():
    def fetch():
        # ok: fastapi-sync-io-in-async
        return requests.get("https://other.example").json()

    # ok: fastapi-sync-io-in-async
    await asyncio.to_thread(requests.get, "https://other.example")
    # ok: fastapi-sync-io-in-async
    await asyncio.sleep(1)
    return await asyncio.to_thread(fetch)


@router.get("/branches")
async def branches(fast: bool):
    if fast:

        def work():
            # ok: fastapi-sync-io-in-async
            return requests.get("https://fast.example")
    else:

        @functools.cache
        def work():
            # ok: fastapi-sync-io-in-async
            time.sleep(1)

    return await run_in_threadpool(work)


@router.get("/lambdas")
async def lambdas():
    # ok: fastapi-sync-io-in-async
    await run_in_threadpool(lambda: requests.get("https://a.example"))
    loop = asyncio.get_running_loop()
    # ok: fastapi-sync-io-in-async
    await loop.run_in_executor(None, functools.partial(requests.get, "https://b.example"))
    # ok: fastapi-sync-io-in-async
    return await run_in_threadpool(lambda url: requests.get(url), "https://c.example")


@router.get("/later")
async def later(tasks: BackgroundTasks):
    # ok: fastapi-sync-io-in-async
    tasks.add_task(requests.post, "https://later.example")
    # ok: fastapi-sync-io-in-async
    tasks.add_task(time.sleep, 1)


@router.get("/stream")
async def stream():
    def lines():
        while True:
            yield "."
            # ok: fastapi-sync-io-in-async
            time.sleep(1)

    return StreamingResponse(lines())


@router.get("/asynchronous")
async def asynchronous():
    async with httpx.AsyncClient() as client:
        # ok: fastapi-sync-io-in-async
        return (await client.get("https://asynchronous.example")).json()


# parameters and variables of the modules' names
@router.get("/purchases")
async def purchases(requests: PurchaseRequests = Depends(purchase_requests)):
    # ok: fastapi-sync-io-in-async
    return await requests.get(1)


@router.get("/clock")
async def wait(time: Clock = Depends(clock)):
    # ok: fastapi-sync-io-in-async
    await time.sleep(1)


@router.get("/own")
async def own(session=Depends(purchase_requests)):
    requests = await session.pending()
    # ok: fastapi-sync-io-in-async
    return requests.get("first")


# decorators of these names that register no handler
@mock.patch("shop.rates.requests")
async def test_rates(rates):
    # ok: fastapi-sync-io-in-async
    requests.get("https://rates.example/v1")


@responses.get("https://fake.example")
async def fake(request):
    # ok: fastapi-sync-io-in-async
    requests.get("https://rates.example/v1")


# outside of a request
@router.on_event("startup")
async def prepare():
    # ok: fastapi-sync-io-in-async
    sqlite3.connect("shop.db").close()
