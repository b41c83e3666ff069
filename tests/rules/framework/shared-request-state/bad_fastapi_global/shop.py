from fastapi import Depends, FastAPI, Request

current = {}


async def identify(request: Request):
    global current
    current = {"name": request.headers.get("x-user")}  # expect: framework/shared-request-state


app = FastAPI(dependencies=[Depends(identify)])


@app.get("/me")
async def me():
    return current
