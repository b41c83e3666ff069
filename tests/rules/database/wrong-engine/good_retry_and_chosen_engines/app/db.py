import os
import time

from sqlalchemy import create_engine
from sqlalchemy.exc import OperationalError

URL = os.environ.get("DATABASE_URL", "postgresql://app@db/app")


def connect():
    for _ in range(5):
        try:
            engine = create_engine(URL)
            engine.connect().close()
            return engine
        except OperationalError:
            time.sleep(1)
            engine = create_engine(URL, pool_pre_ping=True)
    return engine


def chosen():
    if os.environ.get("STORE") == "sqlite":
        return create_engine("sqlite:///store.db")
    return connect()
