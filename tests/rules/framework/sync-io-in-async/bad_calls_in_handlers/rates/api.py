import sqlite3
import time
import urllib.request

import httpx
import requests
from fastapi import APIRouter, Depends, FastAPI

router = APIRouter(prefix="/rates")


def limited(function):
    return function


@router.get("/all")
async def rates():
    answer = requests.get("https://rates.invalid/v1")  # expect: fastapi/sync-io-in-async error
    time.sleep(1)
    return answer.json()


@router.get("/limited")
@limited
async def other(page: int):
    return httpx.get(f"https://rates.invalid/{page}").json()  # expect: fastapi/sync-io-in-async error


@router.post("/orders")
async def order():
    with sqlite3.connect("rates.db") as db:  # expect: fastapi/sync-io-in-async error
        db.execute("DELETE FROM orders")


async def known_client(token: str):
    with urllib.request.urlopen("https://auth.invalid") as answer:  # expect: fastapi/sync-io-in-async error
        return answer.read() == token


@router.get("/own")
async def own(client=Depends(known_client)):
    return {"client": client}


def make_app():
    app = FastAPI()

    @app.get("/inner")
    async def inner():
        session = requests.Session()
        return session.get("https://inner.invalid").json()  # expect: fastapi/sync-io-in-async error

    app.include_router(router)
    return app
