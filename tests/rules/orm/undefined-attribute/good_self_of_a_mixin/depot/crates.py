from typing import Self

from sqlalchemy import String
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column


class Base(DeclarativeBase):
    pass


class Found:
    @classmethod
    def find(cls, session: Session, number: int) -> Self:
        return session.get_one(cls, number)


class Crate(Found, Base):
    __tablename__ = "crates"

    id: Mapped[int] = mapped_column(primary_key=True)
    label: Mapped[str] = mapped_column(String(40))


def label_of(session: Session, number: int) -> str:
    return Crate.find(session, number).label
