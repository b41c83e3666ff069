from app.db import Base
from sqlalchemy.orm import Mapped, mapped_column


class One(Base):
    __tablename__ = "one"

    id: Mapped[int] = mapped_column(primary_key=True)


class Two(Base):
    __tablename__ = "two"

    id: Mapped[int] = mapped_column(primary_key=True)


class Three(Base):
    __tablename__ = "three"

    id: Mapped[int] = mapped_column(primary_key=True)


class Four(Base):
    __tablename__ = "four"

    id: Mapped[int] = mapped_column(primary_key=True)
