from fastapi import FastAPI

app = FastAPI()


@app.get("/maps")
def maps():
    return []


@app.get("/maps/{number}")
def one(number: int):
    return {"id": number}


@app.get("/tiles")
def tiles():
    return []


@app.post("/tiles")
def add_tile():
    return {}
