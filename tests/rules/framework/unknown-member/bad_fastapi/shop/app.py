from fastapi import FastAPI, Request

app = FastAPI()


@app.post("/orders")
async def add_order(request: Request) -> dict:
    return {"lines": request.json["lines"]}  # expect: framework/unknown-member


@app.get("/orders")
async def list_orders(request: Request) -> dict:
    return {"page": request.args.get("page")}  # expect: framework/unknown-member
