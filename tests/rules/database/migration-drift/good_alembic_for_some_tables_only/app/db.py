from sqlalchemy.orm import DeclarativeBase


class Base(DeclarativeBase):
    pass


def create(engine):
    Base.metadata.create_all(engine)
