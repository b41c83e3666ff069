from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.orm import Mapped, aliased, mapped_column, relationship

db = SQLAlchemy()


class Shelf(db.Model):
    __tablename__ = "shelves"

    id: Mapped[int] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column()
    books: Mapped[list["Book"]] = relationship(back_populates="shelf")

    @classmethod
    def with_books(cls, wanted):
        found = db.select(Book).filter(Book.title.in_(wanted)).subquery()
        book = aliased(Book, found)
        return db.session.execute(
            db.select(cls, book)
            .join(book, cls.id == book.shelf_id)
            .order_by(Shelf.position, Shelf.id, book.title)
        ).all()


class Book(db.Model):
    __tablename__ = "books"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(db.String(200))
    shelf_id: Mapped[int] = mapped_column(db.ForeignKey("shelves.id"))
    shelf: Mapped[Shelf] = relationship(back_populates="books")
