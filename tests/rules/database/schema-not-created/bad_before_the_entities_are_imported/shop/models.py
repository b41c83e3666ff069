from sqlalchemy import Column, Integer

from shop.db import Base


class Item(Base):  # expect: database/schema-not-created error
    __tablename__ = "items"
    id = Column(Integer, primary_key=True)
