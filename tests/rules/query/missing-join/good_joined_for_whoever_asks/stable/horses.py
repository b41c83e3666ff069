from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from stable.tables import Horse, Ride


class Horses:
    def __init__(self, session: Session) -> None:
        self.session = session

    def _with_rides(self, query: Select, rider: int | None) -> Select:
        if not rider:
            return query
        return query.outerjoin(Ride, Ride.horse_id == Horse.id)

    def listed(self, rider: int | None) -> Select:
        query = self._with_rides(select(Horse), rider)
        if rider:
            query = query.where(Ride.rider_id == rider)
        return query.order_by(Horse.name)

    def number(self, rider: int | None) -> int:
        rows = self.listed(rider).order_by(None).subquery()
        return self.session.scalar(select(func.count()).select_from(rows)) or 0
