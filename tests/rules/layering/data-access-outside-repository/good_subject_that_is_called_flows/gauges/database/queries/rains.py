from sqlalchemy import select
from sqlalchemy.orm import Session

from gauges.database.tables import Rain


def one(session: Session, key: int) -> Rain | None:
    return session.get(Rain, key)


def newest(session: Session) -> list[Rain]:
    return list(session.scalars(select(Rain).order_by(Rain.id.desc()).limit(20)))


def named(session: Session, name: str) -> Rain | None:
    return session.scalar(select(Rain).where(Rain.name == name))
