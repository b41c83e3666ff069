from collections.abc import Iterator

from sqlalchemy import create_engine
from sqlalchemy.orm import Session

engine = create_engine("sqlite:///shop.db")


def get_db() -> Iterator[Session]:
    with Session(engine) as db:
        yield db
