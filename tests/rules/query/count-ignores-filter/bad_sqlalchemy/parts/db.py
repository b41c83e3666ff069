from collections.abc import Iterator

from sqlalchemy import create_engine
from sqlalchemy.orm import Session

engine = create_engine("sqlite:///parts.db")


def session() -> Iterator[Session]:
    with Session(engine) as opened:
        yield opened
