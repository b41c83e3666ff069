from sqlalchemy import func, select
from sqlalchemy.orm import Session

from quay.models import Ship


class Ships:
    def __init__(self, session: Session) -> None:
        self.session = session

    def by_name(self, name: str) -> Ship | None:
        return self.session.scalars(select(Ship).where(Ship.name == name)).one_or_none()

    def longest(self) -> float:
        length = self.session.execute(select(func.max(Ship.length))).scalar_one()
        if length is None:
            return 0.0
        return length

    def length_of(self, name: str) -> float:
        length = self.session.scalars(select(Ship.length).where(Ship.name == name)).one()
        if length is None:
            return 0.0
        return length
