from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Item(Base):
    __tablename__ = "items"
    id: Mapped[int] = mapped_column(primary_key=True)


class Stock(Base):
    __abstract__ = True
    metadata = MetaData()


class Movement(Stock):  # expect: database/schema-not-created error
    __tablename__ = "movements"
    id: Mapped[int] = mapped_column(primary_key=True)


class Level(Stock):
    __tablename__ = "levels"
    id: Mapped[int] = mapped_column(primary_key=True)
