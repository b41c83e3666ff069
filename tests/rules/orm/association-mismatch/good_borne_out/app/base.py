from typing import Annotated

from sqlalchemy import ForeignKey
from sqlalchemy.orm import DeclarativeBase, declared_attr, mapped_column, relationship


class Base(DeclarativeBase):
    @declared_attr.directive
    def __tablename__(cls) -> str:
        return cls.__name__.lower()


def link(target: str):
    return mapped_column(ForeignKey(target))


user_key = Annotated[int, mapped_column(ForeignKey("user.id"))]


class OwnedMixin:
    @declared_attr
    def owner_id(cls):
        return mapped_column(ForeignKey("user.id"))

    @declared_attr
    def owner(cls):
        return relationship("User", foreign_keys=cls.owner_id)
