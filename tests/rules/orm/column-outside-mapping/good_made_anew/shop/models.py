from sqlalchemy import Column, Integer, String
from sqlalchemy.orm import declarative_base

Base = declarative_base()
label = String(80)


def name_column():
    return Column(String(80))


class Shop(Base):
    __tablename__ = "shops"

    id = Column(Integer, primary_key=True)
    name = name_column()
    label = Column(label)


class Product(Base):
    __tablename__ = "products"

    id = Column(Integer, primary_key=True)
    name = name_column()
    label = Column(label)
