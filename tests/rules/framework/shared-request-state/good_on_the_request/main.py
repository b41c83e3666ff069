import time

from fastapi import FastAPI
from starlette.middleware.base import BaseHTTPMiddleware


class Trace(BaseHTTPMiddleware):
    def __init__(self, app, header="x-trace"):
        super().__init__(app)
        self.header = header
        self.seen = 0

    async def dispatch(self, request, call_next):
        request.state.trace = request.headers.get(self.header, "")
        self.seen += 1
        self.last = request.url.path
        print(self.last)
        started = time.monotonic()
        response = await call_next(request)
        response.headers["x-took"] = str(time.monotonic() - started)
        return response


app = FastAPI()
app.add_middleware(Trace)


@app.get("/")
async def root():
    return {}
