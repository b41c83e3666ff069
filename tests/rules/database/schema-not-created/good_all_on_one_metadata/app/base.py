from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase

metadata = MetaData()


class Base(DeclarativeBase):
    metadata = metadata


class AuditBase(Base):
    __abstract__ = True


class Plain(DeclarativeBase):
    metadata = metadata
