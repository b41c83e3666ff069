from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Book, Loan, Reader


def loans(session: Session, username: str, number: int):
    reader = session.scalars(select(Reader).where(Reader.username == username)).one()
    loan = session.get_one(Loan, number)
    first = select(Loan).where(Loan.reader_id == reader.id, Loan.book_id == loan.book_id)
    second = select(Book).where(Book.id == loan.book_id, Book.title != reader.username)
    third = select(Reader).where(Reader.username == loan.reader.username, Reader.id == reader.id)
    return [session.scalars(statement).all() for statement in (first, second, third)]
