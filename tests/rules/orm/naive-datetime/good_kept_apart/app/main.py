from fastapi import FastAPI

from app.models import engine

app = FastAPI()


@app.get("/")
async def root():
    return {"dialect": engine.dialect.name}
