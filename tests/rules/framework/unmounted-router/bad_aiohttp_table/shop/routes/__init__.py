from aiohttp import web

from shop.routes.notes import routes as notes
from shop.routes.orders import routes as orders
from shop.routes.tags import routes as tags


def register(app: web.Application) -> None:
    for table in (orders, tags):
        app.add_routes(table)
