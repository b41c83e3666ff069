import os

from sqlalchemy import create_engine
from sqlalchemy.exc import OperationalError

from app.settings import settings


def build_engine():
    engine = create_engine(settings.primary_url)
    try:
        engine.connect().close()
    except OperationalError:
        if not settings.allow_memory:
            raise
        engine = create_engine("sqlite://")
    return engine


def with_stand_by():
    try:
        engine = create_engine("postgresql://app@pg1.shop.net/app")
        engine.connect().close()
    except OperationalError:
        engine = create_engine("postgresql://app@pg2.shop.net/app")
    return engine


def process_ends():
    try:
        os.environ["DATABASE_URL"]
        build_engine().connect()
    except OperationalError as error:
        raise SystemExit(str(error)) from error
