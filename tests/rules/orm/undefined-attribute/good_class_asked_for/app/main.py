from fastapi import Depends, FastAPI, HTTPException
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session, sessionmaker

from app.models import Parcel
from app.shipping import fee, insured_fee

app = FastAPI()
engine = create_engine("postgresql+psycopg://app:app@db/app")
make_session = sessionmaker(engine)


def get_session():
    with make_session() as session:
        yield session


@app.get("/parcels/{parcel_id}/fee")
def parcel_fee(parcel_id: int, session: Session = Depends(get_session)) -> dict[str, int]:
    parcel = session.scalars(select(Parcel).where(Parcel.id == parcel_id)).one_or_none()
    if parcel is None:
        raise HTTPException(404)
    return {"fee": fee(parcel), "insured": insured_fee(parcel)}
