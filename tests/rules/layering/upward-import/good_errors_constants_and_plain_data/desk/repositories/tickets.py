from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.models.ticket import Ticket
from desk.services.people import UnknownPerson
from desk.services.rules import PAGE_SIZE, Page, Refused


class TicketRepository:
    def __init__(self, session: Session) -> None:
        self._session = session

    def open(self, limit: int) -> list[Ticket]:
        return list(self._session.scalars(select(Ticket).limit(limit)))

    def get(self, ticket_id: int) -> Ticket | None:
        return self._session.get(Ticket, ticket_id)

    def first(self) -> Ticket | None:
        return self._session.scalars(select(Ticket).limit(1)).first()

    def page(self, page: Page) -> list[Ticket]:
        if page.limit > PAGE_SIZE:
            raise Refused
        raise UnknownPerson
