from fastapi import APIRouter, Depends
from sqlalchemy.orm import Session

from shop.database.core import get_db
from shop.repositories.people import PersonRepository
from shop.repositories.tickets import TicketRepository
from shop.services.tickets import TicketService

router = APIRouter()


@router.get("/tickets")
def tickets(db: Session = Depends(get_db)):
    return TicketService(TicketRepository(db), PersonRepository(db)).open(20)
