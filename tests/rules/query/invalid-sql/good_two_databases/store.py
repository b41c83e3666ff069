from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

engine = create_engine("sqlite:///notes.db")


def now(session: Session):
    if session.bind.dialect.name == "postgresql":
        return session.execute(text("SELECT now() FROM notes WHERE body ILIKE 'x'")).scalar()
    return session.execute(text("SELECT datetime('now')")).scalar()


def refresh_postgres(session: Session) -> None:
    session.execute(text("SELECT setval('notes_id_seq', 3)"))
