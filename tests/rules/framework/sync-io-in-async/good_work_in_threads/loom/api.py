import asyncio
import functools
import time

import requests
from fastapi import BackgroundTasks, FastAPI
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse

from loom.tools import in_thread

app = FastAPI()


@in_thread
def fetched(url):
    return requests.get(url).json()


def loaded():
    return requests.get("https://loaded.invalid").json()


@app.get("/plain")
def plain():
    time.sleep(1)
    return requests.get("https://plain.invalid").json()


@app.get("/threads")
async def threads():
    def fetch():
        return requests.get("https://other.invalid").json()

    loop = asyncio.get_running_loop()
    await asyncio.to_thread(requests.get, "https://other.invalid")
    await asyncio.sleep(1)
    await run_in_threadpool(lambda: requests.get("https://a.invalid"))
    await loop.run_in_executor(None, functools.partial(requests.get, "https://b.invalid"))
    await run_in_threadpool(loaded)
    await fetched("https://c.invalid")
    return await asyncio.to_thread(fetch)


@app.get("/later")
async def later(tasks: BackgroundTasks):
    tasks.add_task(requests.post, "https://later.invalid")
    tasks.add_task(loaded)


@app.get("/stream")
async def stream():
    def lines():
        while True:
            yield "."
            time.sleep(1)

    return StreamingResponse(lines())


@app.on_event("startup")
async def prepare():
    loaded()
