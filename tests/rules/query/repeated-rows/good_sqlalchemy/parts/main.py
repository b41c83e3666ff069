from typing import Annotated

from fastapi import Depends, FastAPI, Query
from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from parts.db import session
from parts.tables import Part, Word, words_of_parts

app = FastAPI()
Db = Annotated[Session, Depends(session)]


@app.get("/parts")
def parts(db: Db, word: Annotated[list[str], Query()] = [], limit: int = 20):
    wanted = select(Part).order_by(Part.id).limit(limit)
    if word:
        wanted = wanted.where(Part.words.any(Word.text.in_(word)))
    return [part.name for part in db.scalars(wanted)]


@app.get("/parts/distinct")
def distinct_parts(db: Db, word: Annotated[list[str], Query()] = [], limit: int = 20):
    wanted = select(Part).join(Part.words).where(Word.text.in_(word)).distinct().limit(limit)
    return [part.name for part in db.scalars(wanted)]


@app.get("/parts/one")
def parts_of_word(db: Db, word: str, limit: int = 20):
    wanted = select(Part).join(Part.words).where(Word.text == word).limit(limit)
    return [part.name for part in db.scalars(wanted)]


@app.get("/pairs")
def pairs(db: Db, limit: int = 20):
    wanted = select(Part.name, Word.text).join(Part.words).order_by(Part.id).limit(limit)
    return [list(row) for row in db.execute(wanted)]


@app.get("/parts/worded")
def worded(db: Db, limit: int = 20):
    has = exists().where(words_of_parts.c.part_id == Part.id)
    wanted = select(Part, has).order_by(Part.id).limit(limit)
    return [part.name for part, _ in db.execute(wanted)]


@app.get("/counts")
def counts(db: Db, limit: int = 20):
    wanted = select(Part.name, func.count(Word.id)).join(Part.words).group_by(Part.id).limit(limit)
    return [list(row) for row in db.execute(wanted)]
