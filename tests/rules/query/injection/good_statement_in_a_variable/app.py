from fastapi import Depends, FastAPI
from pydantic import BaseModel
from sqlalchemy.orm import Session

from tables import crafts, get_db

app = FastAPI()


class Learned(BaseModel):
    craft: str


class Crafts:
    @staticmethod
    def add(db: Session, member: str, craft: str):
        statement = crafts.insert().values(member=member, craft=craft)
        db.execute(statement)
        db.commit()
        return {}


known = Crafts()


@app.post("/members/{member}/crafts")
def learn(member: str, learned: Learned, db: Session = Depends(get_db)):
    return known.add(db, member, learned.craft)
