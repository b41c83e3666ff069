from fastapi import FastAPI
from sqlalchemy import text

from harbour.db import engines

app = FastAPI()


@app.get("/berths")
def berths():
    with engines[0].connect() as connection:
        return connection.execute(text("SELECT 1")).scalar()
