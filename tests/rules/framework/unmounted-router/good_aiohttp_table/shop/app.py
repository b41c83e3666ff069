from aiohttp import web

from shop.routes import register

app = web.Application()
register(app)
