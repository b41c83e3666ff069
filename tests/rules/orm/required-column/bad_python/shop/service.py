from shop.db import Session
from shop.models import Book, Writer


class Books:
    def create(self, title, tags):
        with Session() as session:
            writer = Writer(name="anonymous")  # expect: orm/required-column
            session.add(Book(title=title, writer=writer))
            session.commit()
        return title

    def by(self, writer):
        return [writer]
