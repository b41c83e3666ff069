from fastapi import Depends, FastAPI
from sqlalchemy import create_engine
from sqlalchemy.orm import Session, sessionmaker

from club.models import Base
from club.store import Store

engine = create_engine("postgresql+psycopg2:///club")
Base.metadata.create_all(engine)
Sessions = sessionmaker(engine)
app = FastAPI()


def store():
    with Sessions() as session:
        yield Store(session)


@app.get("/members/{number}")
def members(number: int, limit: int = 20, found: Store = Depends(store)):
    return found.of(number, limit)
