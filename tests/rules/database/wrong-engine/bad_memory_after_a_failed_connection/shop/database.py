import logging

from sqlalchemy import create_engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import StaticPool

from shop.settings import DATABASE_URL

log = logging.getLogger(__name__)


def build_engine():
    engine = create_engine(DATABASE_URL, pool_pre_ping=True)
    try:
        engine.connect().close()
    except OperationalError as error:
        log.warning("database not reachable: %s", error)
        engine = create_engine("sqlite://", poolclass=StaticPool)  # expect: database/wrong-engine error
    return engine
