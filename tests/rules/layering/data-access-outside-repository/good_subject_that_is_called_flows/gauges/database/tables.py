from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Flow(Base):
    __tablename__ = "flow"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class Station(Base):
    __tablename__ = "station"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class Rain(Base):
    __tablename__ = "rain"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
