import os

from sqlalchemy import create_engine

from shop.settings import ORDERS_URL

orders = create_engine(ORDERS_URL)
_engine = None


def engine():
    global _engine
    if _engine is None:
        _engine = create_engine(os.getenv("DATABASE_URL", "mysql+pymysql://shop@db/shop"))  # expect: database/wrong-engine error
    return _engine


def chosen():
    if os.getenv("DB_TYPE") == "sqlite":
        return create_engine(os.getenv("SQLITE_URL", "sqlite:///shop.db"))
    return engine()
