from sqlalchemy import ForeignKey
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Horse(Base):
    __tablename__ = "horse"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class Ride(Base):
    __tablename__ = "ride"
    id: Mapped[int] = mapped_column(primary_key=True)
    horse_id: Mapped[int] = mapped_column(ForeignKey("horse.id"))
    rider_id: Mapped[int]
