from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.models.person import Person


class PersonRepository:
    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, person_id: int) -> Person | None:
        return self._session.get(Person, person_id)

    def named(self, name: str) -> Person | None:
        return self._session.scalars(select(Person).where(Person.name == name)).first()
