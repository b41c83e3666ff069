import logging

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from models import Boat


def ensure(session: Session, name: str) -> Boat:
    boat = Boat(name=name)
    session.add(boat)
    try:
        session.flush()
    except IntegrityError:  # expect: orm/aborted-transaction
        boat = session.scalars(select(Boat).where(Boat.name == name)).one()
    return boat


class Harbour:
    def __init__(self, session: AsyncSession) -> None:
        self._db = session

    async def launch(self, names: list[str]) -> None:
        for name in names:
            self._db.add(Boat(name=name))
            try:
                await self._db.commit()
            except SQLAlchemyError:  # expect: orm/aborted-transaction
                logging.exception("not launched: %s", name)
