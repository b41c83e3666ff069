from fastapi import FastAPI, Response
from fastapi.responses import JSONResponse

from depot.outside import answer

app = FastAPI()


@app.get("/crates")
def crates():
    return []


@app.post("/crates")
def add(response: Response):
    response.status_code = 201
    return {}


@app.put("/crates/{number}")
def put(number: int):
    if number:
        return Response(status_code=204)
    return JSONResponse({}, status_code=201)


@app.delete("/crates/{number}")
def remove(number: int):
    return {}


@app.post("/carts")
def cart():
    return answer("cart")


@app.get("/carts")
def carts():
    return []


@app.post("/lifts")
def lift(fast: bool):
    code = 201 if fast else 200
    return JSONResponse({}, status_code=code)


@app.put("/lifts", status_code=202)
def move():
    return {}
