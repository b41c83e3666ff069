from fastapi import FastAPI

from app import articles

app = FastAPI()
app.include_router(articles.router, prefix="/api")
