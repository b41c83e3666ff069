from sqlalchemy import Column, ForeignKey, MetaData, String, Table
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    metadata = MetaData()


attendance = Table(
    "attendance",
    Base.metadata,
    Column("member_id", ForeignKey("members.id"), primary_key=True),
    Column("event_id", ForeignKey("events.id"), primary_key=True),
)

postcodes = Table("postcodes", Base.metadata, Column("code", String(8), primary_key=True))
ledger = Table("ledger", MetaData(), Column("id", String(8), primary_key=True))


class Member(Base):
    __tablename__ = "members"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))


class Event(Base):
    __tablename__ = "events"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(80))
