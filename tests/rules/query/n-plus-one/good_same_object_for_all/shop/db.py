from sqlalchemy import create_engine
from sqlalchemy.orm import Session, sessionmaker

engine = create_engine("postgresql://localhost/books")
SessionFactory = sessionmaker(engine)


def get_session():
    with SessionFactory() as session:
        yield session
