from sqlalchemy import create_engine
from sqlalchemy.orm import DeclarativeBase, sessionmaker

engine = create_engine("postgresql://localhost/books")
Session = sessionmaker(engine, expire_on_commit=False)


class Base(DeclarativeBase):
    pass
