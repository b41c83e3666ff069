from sqlalchemy import Column, Integer, Table
from sqlalchemy.orm import declarative_base

from shop.columns import created, name_column

Base = declarative_base()


class Shop(Base):
    __tablename__ = "shops"

    id = Column(Integer, primary_key=True)
    name = name_column


class Product(Base):
    __tablename__ = "products"

    id = Column(Integer, primary_key=True)
    name = name_column  # expect: orm/column-outside-mapping error


visits = Table("visits", Base.metadata, Column("id", Integer), created)
orders = Table(
    "orders",
    Base.metadata,
    Column("id", Integer),
    created,  # expect: orm/column-outside-mapping
)
