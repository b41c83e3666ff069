from fastapi import FastAPI

from camp import tents
from camp.fires import router as fires_router

app = FastAPI()
app.include_router(tents.router, prefix="/v1")
