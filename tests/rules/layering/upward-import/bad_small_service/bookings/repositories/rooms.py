from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from bookings.models.room import Room

engine = create_engine("sqlite:///bookings.db")


class RoomRepository:
    def named(self, name: str) -> Room | None:
        from bookings.services.rooms import tidy  # expect: layering/upward-import error

        with Session(engine) as session:
            return session.scalars(select(Room).where(Room.name == tidy(name))).first()
