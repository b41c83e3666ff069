from fastapi import Depends, FastAPI
from sqlalchemy import create_engine
from sqlalchemy.orm import Session, sessionmaker

from books import Books

app = FastAPI()
make_session = sessionmaker(create_engine("postgresql+psycopg://localhost/books"))


def get_session():
    with make_session() as session:
        yield session


@app.get("/books")
def list_books(
    owner: str | None = None,
    reader: str | None = None,
    limit: int = 20,
    session: Session = Depends(get_session),
):
    return [book.title for book in Books(session).page(owner, reader, limit)]
