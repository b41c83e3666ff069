from app import app, get_session
from fastapi import Depends
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Member


def some(session: Session, limit: int) -> list[Member]:
    return session.scalars(select(Member).order_by(Member.id).limit(limit)).all()


@app.get("/members")
def list_members(limit: int = 20, session: Session = Depends(get_session)):
    members = some(session, limit)
    return {
        "members": [member.nick for member in members],
        "membersCount": len(members),  # expect: query/page-as-total
    }


@app.get("/newest")
def newest(session: Session = Depends(get_session)):
    members = some(session, 5)
    return {"members": [member.nick for member in members], "membersCount": len(members)}
