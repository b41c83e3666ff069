from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker

from desk.repositories.people import PersonRepository
from desk.repositories.tickets import TicketRepository
from desk.services.people import PersonService
from desk.services.tickets import TicketService

sessions = sessionmaker(create_engine("sqlite:///desk.db"))


def ticket_service() -> TicketService:
    session = sessions()
    return TicketService(TicketRepository(session), PersonRepository(session))


def person_service() -> PersonService:
    return PersonService(PersonRepository(sessions()))
