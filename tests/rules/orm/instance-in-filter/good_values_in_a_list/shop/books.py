from sqlalchemy import select

from shop.db import Book, Session, loans


def lent_to(user, writer):
    with Session() as session:
        lent = session.scalars(select(loans.c.book_id).where(loans.c.user_id == int(user))).all()
        found = session.scalars(select(Book).where(Book.id.in_(lent)))
        return [book.title for book in found]
