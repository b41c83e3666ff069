from fastapi import APIRouter
from sqlmodel import Session, select

from app.db import engine
from app.models import Note

router = APIRouter()


@router.get("/notes")
def notes():
    with Session(engine) as session:
        return session.exec(select(Note)).all()
