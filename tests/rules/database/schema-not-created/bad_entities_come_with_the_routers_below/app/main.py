from fastapi import FastAPI
from sqlmodel import SQLModel

from app.db import engine

SQLModel.metadata.create_all(engine)

from app.notes import router  # noqa: E402

app = FastAPI()
app.include_router(router)
