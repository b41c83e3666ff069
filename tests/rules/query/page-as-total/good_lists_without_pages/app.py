from fastapi import Depends, FastAPI
from sqlalchemy import create_engine, func, select
from sqlalchemy.orm import Session, sessionmaker

from models import Book, Member

app = FastAPI()
make_session = sessionmaker(create_engine("postgresql+psycopg://localhost/books"))


def get_session():
    with make_session() as session:
        yield session


@app.get("/books")
def list_books(session: Session = Depends(get_session)):
    books = session.scalars(select(Book).order_by(Book.id).limit(100)).all()
    return {"books": [book.title for book in books], "total": len(books)}


@app.get("/more")
def is_there_more(offset: int = 0, limit: int = 20, session: Session = Depends(get_session)):
    page = session.scalars(select(Book).order_by(Book.id).offset(offset).limit(limit)).all()
    beyond = select(Member.id).offset(offset + limit).limit(1)
    left = session.scalar(select(func.count()).select_from(beyond.subquery()))
    return {"books": [book.title for book in page], "more": bool(left)}
