from aiohttp import web

from meter.container import Services

SERVICES: web.AppKey[Services] = web.AppKey("services", Services)
