from __future__ import annotations

from sqlalchemy.orm import Session, sessionmaker

from desk.repositories.people import PersonRepository
from desk.repositories.tickets import TicketRepository


class UnitOfWork:
    people: PersonRepository
    tickets: TicketRepository

    def __init__(self, sessions: sessionmaker[Session]) -> None:
        self._sessions = sessions

    def __enter__(self) -> UnitOfWork:
        self._session = self._sessions()
        self.people = PersonRepository(self._session)
        self.tickets = TicketRepository(self._session)
        return self

    def __exit__(self, *_: object) -> None:
        self._session.close()
