from fastapi import APIRouter, Depends, HTTPException
from sqlalchemy.orm import Session

from gauges.database.session import session_of
from gauges.models import flows

router = APIRouter(prefix="/flows")


@router.get("/{key}")
def show(key: int, session: Session = Depends(session_of)) -> dict[str, str]:
    found = flows.one(session, key)
    if found is None:
        raise HTTPException(404)
    return {"name": found.name}
