from typing import Annotated

from fastapi import Depends, FastAPI
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from parts.db import session
from parts.tables import Part

app = FastAPI()
Db = Annotated[Session, Depends(session)]


@app.get("/parts")
def parts(db: Db, name: str = "", limit: int = 20, offset: int = 0):
    wanted = select(Part)
    if name:
        wanted = wanted.where(Part.name.startswith(name))
    found = db.scalars(wanted.order_by(Part.id).limit(limit).offset(offset)).all()
    total = db.execute(select(func.count(Part.id))).scalar_one()  # expect: query/count-ignores-filter
    return {"total": total, "parts": [part.name for part in found]}
