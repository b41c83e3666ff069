from shop.db import Session
from shop.models import Writer


class Books:
    def create(self, title, tags):
        with Session() as session:
            writer = Writer(name="anonymous")
            writer.locale = "en"
            session.add(writer)
            session.commit()
        return title

    def by(self, writer):
        return [writer]
