from app import app, get_session
from fastapi import Depends
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import Book, Member


@app.get("/members")
def list_members(limit: int = 20, session: Session = Depends(get_session)):
    rows = session.scalars(select(Member).order_by(Member.id).limit(limit + 1)).all()
    return {"members": [row.nick for row in rows[:limit]], "more": len(rows) > limit}


@app.get("/shown")
def shown(limit: int = 20, session: Session = Depends(get_session)):
    rows = session.scalars(select(Book).limit(limit)).all()
    return {"books": [row.title for row in rows], "shown": len(rows)}


@app.get("/all")
def everything(limit: int = 20, session: Session = Depends(get_session)):
    rows = session.scalars(select(Book)).all()
    return {"books": [row.title for row in rows][:limit], "total": len(rows)}


@app.get("/both")
def both(limit: int = 20, session: Session = Depends(get_session)):
    rows = session.scalars(select(Book).limit(limit)).all()
    total = session.scalar(select(func.count(Book.id)))
    return {"books": [row.title for row in rows], "booksCount": len(rows), "total": total}
