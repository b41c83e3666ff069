from fastapi import FastAPI

from shop.views import add

app = FastAPI()
app.post("/orders")(add)
