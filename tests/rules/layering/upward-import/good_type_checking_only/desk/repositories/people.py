from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.models.person import Person

if TYPE_CHECKING:
    from desk.services.people import PersonService


class PersonRepository:
    owner: PersonService

    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, person_id: int) -> Person | None:
        return self._session.scalars(select(Person).where(Person.id == person_id)).first()
