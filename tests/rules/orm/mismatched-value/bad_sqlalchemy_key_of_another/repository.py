from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Book, Loan, Reader


def loans(session: Session, username: str, title: str):
    reader = session.scalars(select(Reader).where(Reader.username == username)).one()
    book = session.scalars(select(Book).where(Book.title == title)).one()
    first = select(Loan).where(Loan.reader_id == reader.username)  # expect: orm/mismatched-value
    second = select(Loan).where(Loan.book_id == reader.id)  # expect: orm/mismatched-value
    third = select(Reader).where(Reader.username == reader.id)  # expect: orm/mismatched-value
    statements = (first, second, third, select(Loan).where(Loan.book_id == book.id))
    return [session.scalars(statement).all() for statement in statements]
