from sqlalchemy import String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Book(Base):
    __tablename__ = "books"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    isbn: Mapped[str] = mapped_column(String(20))
    oclc: Mapped[str] = mapped_column(String(20))
    lccn: Mapped[str] = mapped_column(String(20))
    asin: Mapped[str] = mapped_column(String(20))
    gtin: Mapped[str] = mapped_column(String(20))
    ddc: Mapped[str] = mapped_column(String(20))
    doi: Mapped[str] = mapped_column(String(20))
    udc: Mapped[str] = mapped_column(String(20))
    issn: Mapped[str] = mapped_column(String(20))
