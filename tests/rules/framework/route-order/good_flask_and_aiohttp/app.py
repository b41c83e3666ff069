from aiohttp import web
from fastapi import FastAPI
from flask import Flask

gateway = FastAPI()
flask_app = Flask(__name__)
routes = web.RouteTableDef()


@flask_app.get("/articles/<slug>")
def show(slug):
    return slug


@flask_app.get("/articles/feed")
def feed():
    return []


@routes.get("/articles/{slug}")
async def aio_show(request):
    return web.json_response({})


@routes.get("/articles/feed")
async def aio_feed(request):
    return web.json_response([])


@gateway.get("/")
def root():
    return {}


aio_app = web.Application()
aio_app.add_routes(routes)
