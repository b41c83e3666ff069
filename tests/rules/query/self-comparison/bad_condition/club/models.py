from sqlalchemy import ForeignKey
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Member(Base):
    __tablename__ = "members"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    rank: Mapped[int]
    leader_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))


class Visit(Base):
    __tablename__ = "visits"

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)
    club_id: Mapped[int] = mapped_column(primary_key=True)
