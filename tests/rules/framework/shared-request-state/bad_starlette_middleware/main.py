from fastapi import FastAPI
from starlette.middleware.base import BaseHTTPMiddleware


class Trace(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):
        self.trace = request.headers.get("x-trace", "")  # expect: framework/shared-request-state
        response = await call_next(request)
        response.headers["x-trace"] = self.trace
        return response


app = FastAPI()
app.add_middleware(Trace)


@app.get("/")
async def root():
    return {}
