from sqlalchemy import Column, ForeignKey, Integer, Table, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(DeclarativeBase):
    pass


words_of_parts = Table(
    "words_of_parts",
    Base.metadata,
    Column("part_id", Integer, ForeignKey("parts.id"), primary_key=True),
    Column("word_id", Integer, ForeignKey("words.id"), primary_key=True),
)


class Word(Base):
    __tablename__ = "words"
    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(Text, unique=True)


class Part(Base):
    __tablename__ = "parts"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    words: Mapped[list[Word]] = relationship(secondary=words_of_parts, lazy="selectin")
