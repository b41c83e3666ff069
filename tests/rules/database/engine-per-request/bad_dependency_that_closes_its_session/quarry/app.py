from collections.abc import Iterator

from fastapi import Depends, FastAPI
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

URL = "postgresql+psycopg://localhost/quarry"
app = FastAPI()


def get_session() -> Iterator[Session]:
    engine = create_engine(URL, pool_pre_ping=True)  # expect: database/engine-per-request
    session = Session(bind=engine)
    try:
        yield session
    finally:
        session.close()


@app.get("/stones")
def stones(session: Session = Depends(get_session)) -> list[str]:
    return list(session.scalars(text("SELECT name FROM stones ORDER BY id LIMIT 20")))
