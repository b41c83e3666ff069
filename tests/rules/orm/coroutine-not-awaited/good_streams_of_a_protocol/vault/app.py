from aiohttp import web

from vault.disk import Disk
from vault.protocol import Vault


async def whole(vault: Vault, key: str) -> bytes:
    return b"".join([piece async for piece in vault.read(key)])


async def get(request):
    return web.Response(body=await whole(request.app["vault"], request.match_info["key"]))


app = web.Application()
app["vault"] = Disk()
app.router.add_get("/files/{key}", get)
