from sqlalchemy import create_engine
from sqlalchemy.exc import OperationalError

from shop.settings import DATABASE_URL


def build_engine():
    engine = create_engine(DATABASE_URL)
    try:
        engine.connect().close()
    except OperationalError:
        engine.dispose()
        raise
    return engine
