import asyncio

import requests_mock
from aiohttp import web

from shop.fakes import fakes

routes = web.RouteTableDef()


@routes.post("/orders")
async def create(request):
    # ruleid: framework-aiohttp-body-not-awaited
    title = request.json()["title"]
    # ok: framework-aiohttp-body-not-awaited
    other = (await request.json())["other"]
    return web.json_response({"title": title, "other": other})


async def update(request: web.Request) -> web.Response:
    # ruleid: framework-aiohttp-body-not-awaited
    text = request.text().strip()
    # ok: framework-aiohttp-body-not-awaited
    body = await request.json()
    return web.json_response({"title": body["title"], "text": text})


async def kept(request: web.Request) -> web.Response:
    # ruleid: framework-aiohttp-body-not-awaited
    body = request.json()
    return web.json_response({"title": body["title"]})


async def kept_form(request: web.Request) -> web.Response:
    # ruleid: framework-aiohttp-body-not-awaited
    form = request.post()
    if request.query:
        return web.json_response({"title": form.get("title")})
    return web.json_response({})


class Orders(web.View):
    async def post(self) -> web.Response:
        # ruleid: framework-aiohttp-body-not-awaited
        return web.json_response({"title": self.request.json()["title"]})

    async def put(self) -> web.Response:
        # ok: framework-aiohttp-body-not-awaited
        return web.json_response({"title": (await self.request.json())["title"]})


# awaited later
async def later(request: web.Request) -> web.Response:
    # ok: framework-aiohttp-body-not-awaited
    pending = request.json()
    body = await pending
    return web.json_response({"title": body["title"]})


async def same_name(request: web.Request) -> web.Response:
    # ok: framework-aiohttp-body-not-awaited
    body = request.json()
    body = await body
    return web.json_response({"title": body["title"]})


async def by_branch(request: web.Request) -> web.Response:
    # ok: framework-aiohttp-body-not-awaited
    form = request.post()
    if request.can_read_body:
        form = await form
    else:
        form.close()
        form = {}
    return web.json_response({"title": form.get("title")})


async def together(request: web.Request) -> web.Response:
    # ok: framework-aiohttp-body-not-awaited
    body, form = await asyncio.gather(request.json(), request.post())
    # ok: framework-aiohttp-body-not-awaited
    task = asyncio.create_task(request.text())
    text = await task
    return web.json_response({"title": body["title"], "form": form.get("x"), "text": text.strip()})


async def closed(request: web.Request) -> web.Response:
    # ok: framework-aiohttp-body-not-awaited
    request.json().close()
    return web.json_response({})


def body_of(request: web.Request):
    # ok: framework-aiohttp-body-not-awaited
    return request.json()


# the request of another library
@fakes.post("/orders")
def answer(request):
    # ok: framework-aiohttp-body-not-awaited
    return {"title": request.json()["title"]}


def fake(mocker: requests_mock.Mocker):
    @mocker.post("/orders")
    def callback(request, context):
        # ok: framework-aiohttp-body-not-awaited
        return {"title": request.json()["title"]}


async def forwarded(request: web.Request) -> web.Response:
    def callback(request):
        # ok: framework-aiohttp-body-not-awaited
        return request.json()["title"]

    return web.json_response({"title": request.app["client"].call(callback)})


async def sent(request: web.Request) -> web.Response:
    answer = request.app["client"].send()
    # ok: framework-aiohttp-body-not-awaited
    return web.json_response({"title": answer.json()["title"]})
