from datetime import UTC, datetime
from typing import Annotated

from sqlalchemy import DateTime, TypeDecorator
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Moment(TypeDecorator):
    impl = DateTime

    def process_bind_param(self, value, dialect):
        return value.replace(tzinfo=None) if value else value


class Base(DeclarativeBase):
    pass


def naive_now():
    return datetime.now(UTC).replace(tzinfo=None)


def aware_now():
    return datetime.now(UTC)


stamp = Annotated[datetime, mapped_column(DateTime(timezone=True))]


class Event(Base):
    __tablename__ = "events"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(DateTime(True), default=aware_now)
    made: Mapped[stamp] = mapped_column(default=aware_now)
    kept: Mapped[datetime] = mapped_column(Moment, default=aware_now)
    plain: Mapped[datetime] = mapped_column(default=naive_now)
    other: Mapped[datetime] = mapped_column(DateTime, default=datetime.utcnow)


engine = create_async_engine("postgresql+asyncpg://db/app")
