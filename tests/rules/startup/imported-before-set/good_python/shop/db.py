from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker

SessionLocal = None
engine = None


def init_db(url):
    global SessionLocal, engine
    engine = create_engine(url)
    SessionLocal = sessionmaker(bind=engine)


def new_session():
    return SessionLocal()
