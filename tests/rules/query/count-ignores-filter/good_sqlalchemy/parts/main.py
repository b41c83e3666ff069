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
    conditions = []
    if name:
        conditions.append(Part.name.startswith(name))
    page = select(Part).where(*conditions).order_by(Part.id).limit(limit).offset(offset)
    total = db.scalar(select(func.count()).select_from(Part).where(*conditions))
    return {"total": total, "parts": [part.name for part in db.scalars(page)]}


@app.get("/parts/table")
def table(db: Db, name: str = "", limit: int = 20, offset: int = 0):
    wanted = select(Part).where(Part.name.startswith(name))
    return {
        "recordsTotal": db.scalar(select(func.count()).select_from(Part)),
        "recordsFiltered": db.scalar(select(func.count()).select_from(wanted.subquery())),
        "data": [part.name for part in db.scalars(wanted.limit(limit).offset(offset))],
    }


@app.get("/parts/all")
def everything(db: Db, limit: int = 20, offset: int = 0):
    page = select(Part).where(Part.name != "").order_by(Part.id).limit(limit).offset(offset)
    total = db.scalar(select(func.count()).select_from(Part))
    return {"total": total, "parts": [part.name for part in db.scalars(page)]}


@app.get("/overview")
def overview(db: Db, name: str = ""):
    newest = select(Part).where(Part.name == name).order_by(Part.id.desc()).limit(5)
    return {
        "parts": db.scalar(select(func.count()).select_from(Part)),
        "newest": [part.name for part in db.scalars(newest)],
    }
