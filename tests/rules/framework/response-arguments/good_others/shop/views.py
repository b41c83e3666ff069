from aiohttp import web
from fastapi import HTTPException
from fastapi.responses import JSONResponse


async def add(request: web.Request) -> web.Response:
    if not request.can_read_body:
        raise web.HTTPBadRequest(reason="no order", text="no order")
    return web.json_response([{"added": True}], status=201, content_type="application/json")


def show() -> JSONResponse:
    return JSONResponse([1, 2], 200, {"X-Orders": "2"})


def fail() -> None:
    raise HTTPException(404, "no such order", headers={"X-Order": "0"})
