from fastapi import APIRouter, Depends
from sqlalchemy.orm import Session

from shop.db import get_session
from shop.repositories import Books

router = APIRouter()


@router.post("/books")
def add_book(title: str, session: Session = Depends(get_session)):
    Books(session).add(title)
    return {"title": title}
