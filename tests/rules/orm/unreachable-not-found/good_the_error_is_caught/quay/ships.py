from sqlalchemy import select
from sqlalchemy.orm import Session

from quay.models import Ship


class Ships:
    def __init__(self, session: Session) -> None:
        self.session = session

    def by_name(self, name: str) -> Ship | None:
        try:
            return self.session.scalars(select(Ship).where(Ship.name == name)).one()
        except Exception:
            return None

    def length_of(self, name: str) -> float:
        try:
            ship = self.session.scalars(select(Ship).where(Ship.name == name)).one()
        except Exception:
            return 0.0
        if ship is None:
            return 0.0
        return ship.length or 0.0
