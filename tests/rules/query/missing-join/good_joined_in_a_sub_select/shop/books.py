from sqlalchemy import select

from shop.db import Book, Session, User, loans


def lent_to(user, writer):
    statement = select(Book)
    if writer:
        statement = statement.join(User, User.id == Book.writer_id).where(User.name == writer)
    if user:
        lent = (
            select(loans.c.book_id)
            .join(User, User.id == loans.c.user_id)
            .where(User.name == user)
        )
        statement = statement.where(Book.id.in_(lent))
    with Session() as session:
        return [book.title for book in session.scalars(statement)]
