from sqlalchemy import select
from sqlalchemy.orm import Session

from gauges.database.tables import Station


def one(session: Session, key: int) -> Station | None:
    return session.get(Station, key)


def newest(session: Session) -> list[Station]:
    return list(session.scalars(select(Station).order_by(Station.id.desc()).limit(20)))


def named(session: Session, name: str) -> Station | None:
    return session.scalar(select(Station).where(Station.name == name))
