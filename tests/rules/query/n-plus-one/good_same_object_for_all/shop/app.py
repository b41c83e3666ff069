from fastapi import APIRouter, Depends
from sqlalchemy.orm import Session

from shop.db import get_session
from shop.services import Shelf

router = APIRouter()


@router.get("/books")
def list_books(session: Session = Depends(get_session)):
    return Shelf(session).list()
