from shop.db import Session
from shop.models import Book, Writer


class Books:
    def create(self, title, tags):
        with Session() as session:
            session.add(Writer(name="anonymous", books=[Book(title=title)]))
            session.commit()
        return title

    def by(self, writer):
        return [writer]
