from aiohttp import web


class Jobs:
    def __init__(self):
        self.on_startup = []


def started(jobs):
    print(jobs)


jobs = Jobs()
jobs.on_startup.append(started)


async def orders(request):
    return web.json_response([])


app = web.Application()
app.router.add_get("/orders", orders)
