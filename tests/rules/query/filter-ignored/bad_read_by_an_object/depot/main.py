from fastapi import Depends, FastAPI
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session, sessionmaker

from depot.access import wanted
from depot.models import Base, Crate

engine = create_engine("postgresql+psycopg2:///depot")
Base.metadata.create_all(engine)
Sessions = sessionmaker(engine)
app = FastAPI()


def session():
    with Sessions() as found:
        yield found


@app.get("/crates")
def crates(db: Session = Depends(session), page: tuple = Depends(wanted)):
    label, limit = page
    return db.scalars(select(Crate).limit(limit)).all()
