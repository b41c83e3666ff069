from fastapi import FastAPI

app = FastAPI()


@app.get("/mills")
def list_mills():
    return []


@app.get("/mills/{mill_id}")
def show_mill(mill_id: int):
    return {"id": mill_id}


@app.get("/mills/{mill_id}/flour")  # expect: contract/missing-route note
def flour(mill_id: int):
    return {"id": mill_id}
