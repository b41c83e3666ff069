from sqlalchemy import create_engine

from shop.models import Base


def build_engine(settings):
    return create_engine(settings.database_url)


def create_schema(engine):
    Base.metadata.create_all(engine)
