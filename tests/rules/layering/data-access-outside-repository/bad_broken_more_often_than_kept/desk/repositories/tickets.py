from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.models.ticket import Ticket


class TicketRepository:
    def __init__(self, session: Session) -> None:
        self._session = session

    def open(self, limit: int) -> list[Ticket]:
        return list(self._session.scalars(select(Ticket).limit(limit)))

    def get(self, ticket_id: int) -> Ticket | None:
        return self._session.get(Ticket, ticket_id)

    def first(self) -> Ticket | None:
        return self._session.scalars(select(Ticket).limit(1)).first()
