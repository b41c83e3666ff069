from sqlalchemy import create_engine
from sqlalchemy.orm import declarative_base

engine = create_engine("sqlite:///shop.db")
Base = declarative_base()


def create_tables():
    import items_generated  # noqa: F401

    Base.metadata.create_all(engine)
