import asyncio
import sqlite3
import time

import httpx
import requests
from fastapi import APIRouter

router = APIRouter()


@router.get("/rates")
async def rates():
    # ruleid: fastapi-sync-io-in-async
    answer = requests.get("https://rates.example/v1")
    # ruleid: fastapi-sync-io-in-async
    time.sleep(1)
    return answer.json()


@router.post("/orders")
async def order():
    # ruleid: fastapi-sync-io-in-async
    with sqlite3.connect("shop.db") as db:
        db.execute("DELETE FROM orders")


@router.get("/members")
def members():
    # ok: fastapi-sync-io-in-async
    return requests.get("https://members.example").json()


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
