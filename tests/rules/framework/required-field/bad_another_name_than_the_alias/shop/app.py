from fastapi import FastAPI

from shop.service import present

app = FastAPI()
ITEMS = {1: {"id": 1, "name": "Rope", "price": 3.5}}


@app.get("/items/{item_id}")
def item(item_id: int):
    return present(ITEMS[item_id])
