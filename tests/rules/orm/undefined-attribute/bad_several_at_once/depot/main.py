from fastapi import Depends, FastAPI
from pydantic import BaseModel
from sqlalchemy import create_engine
from sqlalchemy.orm import Session, sessionmaker

from depot.models import Base, Crate

engine = create_engine("postgresql+psycopg2:///depot")
Base.metadata.create_all(engine)
Sessions = sessionmaker(engine)
app = FastAPI()


class NewCrate(BaseModel):
    label: str
    width: int
    height: int
    depth: int
    weight: int
    fragile: bool


def session():
    with Sessions() as found:
        yield found


@app.post("/crates")
def add(given: NewCrate, db: Session = Depends(session)):
    crate = Crate(**given.model_dump())  # expect: orm/undefined-attribute
    db.add(crate)
    db.commit()
    return {"id": crate.id}
