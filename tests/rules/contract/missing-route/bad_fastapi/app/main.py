from fastapi import FastAPI

from app import beds, seeds

app = FastAPI()
app.include_router(beds.router, prefix="/api")
app.include_router(seeds.router, prefix="/api")
