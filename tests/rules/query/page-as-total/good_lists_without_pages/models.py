from sqlalchemy import Column, ForeignKey, String, Table
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(DeclarativeBase):
    pass


readers = Table(
    "readers",
    Base.metadata,
    Column("book_id", ForeignKey("books.id"), primary_key=True),
    Column("member_id", ForeignKey("members.id"), primary_key=True),
)


class Member(Base):
    __tablename__ = "members"

    id: Mapped[int] = mapped_column(primary_key=True)
    nick: Mapped[str] = mapped_column(String(40), unique=True)


class Book(Base):
    __tablename__ = "books"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    owner_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    owner: Mapped[Member] = relationship()
    readers: Mapped[list[Member]] = relationship(secondary=readers)
