from sqlalchemy import select
from sqlalchemy.orm import Session

from quay.models import Ship


class Ships:
    def __init__(self, session: Session) -> None:
        self.session = session

    def by_name(self, name: str) -> Ship | None:
        statement = select(Ship).where(Ship.name == name)
        return self.session.execute(statement).scalar_one()  # expect: orm/unreachable-not-found
