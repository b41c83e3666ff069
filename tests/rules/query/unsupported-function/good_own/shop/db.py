from sqlalchemy import create_engine
from sqlalchemy.orm import DeclarativeBase, sessionmaker

engine = create_engine("sqlite:///shop.db")
Session = sessionmaker(engine)


class Base(DeclarativeBase):
    pass


def connected(connection, record):
    connection.create_function("date_trunc", 2, lambda unit, value: value[:10])
