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
def list_books(limit: int = 20, offset: int = 0, session: Session = Depends(get_session)):
    books, total = Books(session).page(limit, offset)
    return {"books": [book.title for book in books], "total": total}
