from aiohttp import web

from shop.views import add

app = web.Application()
app.router.add_post("/orders", add)
