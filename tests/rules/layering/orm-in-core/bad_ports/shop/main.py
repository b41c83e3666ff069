import asyncpg
from aiohttp import web

from shop.application.customers import Register
from shop.infrastructure.repositories.customers import PostgresCustomers


async def register(request: web.Request) -> web.Response:
    body = await request.json()
    use_case = Register(PostgresCustomers(request.app["pool"]))
    return web.json_response({"id": await use_case(body["email"])}, status=201)


async def create_app() -> web.Application:
    app = web.Application()
    app["pool"] = await asyncpg.create_pool("postgresql://shop@db/shop")
    app.add_routes([web.post("/customers", register)])
    return app
