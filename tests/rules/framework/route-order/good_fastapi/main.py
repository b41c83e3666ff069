import os

from fastapi import APIRouter, FastAPI

app = FastAPI()
admin = FastAPI()
router = APIRouter()


@app.get("/articles/feed")
def feed():
    return []


@app.get("/articles/{slug}")
def show(slug: str):
    return {"slug": slug}


@app.post("/articles/preview")
def preview():
    return {}


@app.get("/articles/{slug}/comments")
def comments(slug: str):
    return []


@app.get("/orders/{id:int}")
def order(id: int):
    return id


@app.get("/orders/latest")
def latest():
    return {}


@app.get("/files/{name}.json")
def file(name: str):
    return name


@app.get("/files/index")
def files():
    return []


@admin.get("/articles/drafts")
def drafts():
    return []


@router.get("/articles/unmounted")
def unmounted():
    return []


if os.environ.get("BETA"):

    @app.get("/articles/beta")
    def beta():
        return []
