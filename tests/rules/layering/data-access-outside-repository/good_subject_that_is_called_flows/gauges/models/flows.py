from sqlalchemy import select
from sqlalchemy.orm import Session

from gauges.database.tables import Flow


def one(session: Session, key: int) -> Flow | None:
    return session.get(Flow, key)


def newest(session: Session) -> list[Flow]:
    return list(session.scalars(select(Flow).order_by(Flow.id.desc()).limit(20)))


def named(session: Session, name: str) -> Flow | None:
    return session.scalar(select(Flow).where(Flow.name == name))
