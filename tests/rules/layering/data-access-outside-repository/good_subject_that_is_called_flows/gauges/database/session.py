from collections.abc import Iterator

from sqlalchemy import create_engine
from sqlalchemy.orm import Session

engine = create_engine("sqlite:///gauges.db")


def session_of() -> Iterator[Session]:
    with Session(engine) as session:
        yield session
