from typing import Annotated

from fastapi import Depends, FastAPI, Query
from sqlalchemy import select
from sqlalchemy.orm import Session

from parts.db import session
from parts.tables import Part, Word

app = FastAPI()
Db = Annotated[Session, Depends(session)]


@app.get("/parts")
def parts(db: Db, word: Annotated[list[str], Query()] = [], limit: int = 20):
    wanted = select(Part).order_by(Part.id).limit(limit)
    if word:
        wanted = wanted.join(Part.words).where(Word.text.in_(word))
    return [part.name for part in db.scalars(wanted)]  # expect: query/repeated-rows
