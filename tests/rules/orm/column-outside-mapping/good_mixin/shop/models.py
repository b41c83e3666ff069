from sqlalchemy import Column, Integer, String
from sqlalchemy.orm import declarative_base

Base = declarative_base()
name_column = Column(String(80))


class Named:
    name = name_column


class Shop(Named, Base):
    __tablename__ = "shops"

    id = Column(Integer, primary_key=True)


class Product(Named, Base):
    __tablename__ = "products"

    id = Column(Integer, primary_key=True)
