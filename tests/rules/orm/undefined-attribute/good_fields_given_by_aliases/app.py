from fastapi import Depends, FastAPI
from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel
from sqlalchemy.orm import Session

from tables import Firing, get_db

app = FastAPI()


class FiringModel(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel)

    kiln_id: int
    glaze_name: str


def add_firing(db: Session, firing: FiringModel) -> Firing:
    row = Firing(**firing.model_dump())
    db.add(row)
    db.commit()
    return row


@app.post("/kilns/{kiln_id}/firings/{glaze}")
def fire(kiln_id: int, glaze: str, db: Session = Depends(get_db)):
    return {"id": add_firing(db, FiringModel(kilnId=kiln_id, glazeName=glaze)).id}
