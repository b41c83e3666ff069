from fastapi import APIRouter, Depends
from sqlalchemy import create_engine
from sqlalchemy.orm import Session, sessionmaker

from app.models import Alert
from app.schemas import AlertCreate

router = APIRouter()
factory = sessionmaker(create_engine("sqlite:///app.db"))


def session():
    with factory() as opened:
        yield opened


def create(db: Session, data: AlertCreate) -> Alert:
    alert = Alert(**data.model_dump(exclude={"originator"}), orginator=data.originator)
    fields = data.model_dump()
    fields["orginator"] = fields.pop("originator")
    db.add(Alert(**fields))
    db.add(alert)
    db.commit()
    return alert


@router.post("/alerts")
def post(data: AlertCreate, db: Session = Depends(session)):
    return create(db, data).id
