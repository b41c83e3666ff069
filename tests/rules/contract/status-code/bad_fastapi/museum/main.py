from fastapi import FastAPI

from museum.rooms import router

app = FastAPI()
app.include_router(router, prefix="/rooms")
