import os

from sqlalchemy import create_engine


def build_engine():
    url = os.getenv("DATABASE_URL")
    if url:
        return create_engine(url, pool_size=10)
    return create_engine(local_url())


def local_url():
    return "postgresql:///store"


class Database:
    def __init__(self):
        dsn = os.getenv("STORE_DSN")
        if dsn is None:
            dsn = "sqlite:///store.db"  # expect: database/wrong-engine error
        self.engine = create_engine(dsn)
