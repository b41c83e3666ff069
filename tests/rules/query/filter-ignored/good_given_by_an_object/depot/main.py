from typing import Annotated

from fastapi import Depends, FastAPI, Header, HTTPException
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session, sessionmaker

from depot.access import Allowed, allowed, yard_of
from depot.models import Base, Crate
from plugins import signed_in

engine = create_engine("postgresql+psycopg2:///depot")
Base.metadata.create_all(engine)
Sessions = sessionmaker(engine)
app = FastAPI()


def session():
    with Sessions() as found:
        yield found


@app.get("/crates")
def crates(
    limit: int = 20,
    db: Session = Depends(session),
    auth: tuple = Depends(allowed("crates", "read")),
):
    """What an object gives that a function makes is not read."""
    return db.scalars(select(Crate).limit(limit)).all()


@app.get("/yards/crates")
def crates_of_yard(
    limit: int = 20,
    db: Session = Depends(session),
    yard: int = Depends(yard_of),
    known: bool = Depends(Allowed("yards", "read")),
):
    return db.scalars(select(Crate).where(Crate.yard_id == yard).limit(limit)).all()


@app.get("/crates/all")
def all_crates(who: Annotated[str, Depends(signed_in)], db: Session = Depends(session), limit: int = 9):
    """What gives it is not in the tree."""
    return db.scalars(select(Crate).limit(limit)).all()


def member(x_token: str = Header(), db: Session = Depends(session)):
    """Asks the database for itself."""
    tries = db.scalars(select(Crate).where(Crate.label == x_token).limit(5)).all()
    if len(tries) > 3:
        raise HTTPException(429)
    return x_token


@app.get("/manuals/{number}/speech")
def speech(number: int, page: int, who: str = Depends(member)):
    return {"url": f"/audio/{number}/{page}.mp3"}
