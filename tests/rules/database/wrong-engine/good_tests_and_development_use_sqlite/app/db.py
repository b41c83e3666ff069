import os

from sqlalchemy import create_engine

TESTING = os.environ.get("TESTING") == "1"
URL = "sqlite://" if TESTING else os.environ["DATABASE_URL"]
engine = create_engine(URL)


def engine_for_tests():
    return create_engine("sqlite:///:memory:")
