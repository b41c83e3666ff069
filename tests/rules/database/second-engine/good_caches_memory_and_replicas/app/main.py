from fastapi import FastAPI

from app.cache import TranslationCache
from app.db import engine, replica
from app.pivot import of_file, pivot

app = FastAPI()


@app.get("/orders")
def orders(path: str):
    return [TranslationCache(), str(engine.url), str(replica.url), pivot([]), of_file(path)]
