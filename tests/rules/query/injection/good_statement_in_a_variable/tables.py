from sqlalchemy import Column, String, Table, create_engine
from sqlalchemy.orm import declarative_base, sessionmaker

engine = create_engine("postgresql:///guild")
Base = declarative_base()
make_session = sessionmaker(bind=engine)

crafts = Table(
    "crafts",
    Base.metadata,
    Column("member", String, primary_key=True),
    Column("craft", String, primary_key=True),
)

Base.metadata.create_all(engine)


def get_db():
    with make_session() as db:
        yield db
