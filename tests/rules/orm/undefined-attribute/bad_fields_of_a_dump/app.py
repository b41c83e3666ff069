from fastapi import Depends, FastAPI
from pydantic import BaseModel, ConfigDict
from sqlalchemy.orm import Session

from tables import Firing, get_db

app = FastAPI()


class FiringModel(BaseModel):
    model_config = ConfigDict(extra="forbid")

    kiln_id: int
    glaze_tone: str


def add_firing(db: Session, firing: FiringModel) -> Firing:
    row = Firing(**firing.model_dump())  # expect: orm/undefined-attribute
    db.add(row)
    db.commit()
    return row


@app.post("/kilns/{kiln_id}/firings/{glaze}")
def fire(kiln_id: int, glaze: str, db: Session = Depends(get_db)):
    return {"id": add_firing(db, FiringModel(kiln_id=kiln_id, glaze_tone=glaze)).id}
