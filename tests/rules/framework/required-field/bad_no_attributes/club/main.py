from fastapi import Depends, FastAPI, HTTPException
from sqlalchemy import create_engine
from sqlalchemy.orm import Session, sessionmaker

from club.models import Base, Boat, Member
from club.schemas import BoatOut, MemberOut

engine = create_engine("postgresql+psycopg2:///club")
Base.metadata.create_all(engine)
Sessions = sessionmaker(engine)
app = FastAPI()


def session():
    with Sessions() as found:
        yield found


@app.get("/members/{number}")
def member(number: int, db: Session = Depends(session)):
    found = db.get(Member, number)
    if found is None:
        raise HTTPException(404)
    return {"member": MemberOut.model_validate(found)}  # expect: framework/required-field


@app.get("/boats/{number}")
def boat(number: int, db: Session = Depends(session)):
    found = db.get(Boat, number)
    if found is None:
        raise HTTPException(404)
    return {"boat": BoatOut.model_validate(found)}  # expect: framework/required-field
