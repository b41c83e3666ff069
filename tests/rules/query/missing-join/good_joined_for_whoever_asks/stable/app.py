from fastapi import FastAPI
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from stable.horses import Horses

app = FastAPI()
engine = create_engine("sqlite:///stable.db")


@app.get("/horses/number")
def number(rider: int | None = None) -> int:
    with Session(engine) as session:
        return Horses(session).number(rider)
