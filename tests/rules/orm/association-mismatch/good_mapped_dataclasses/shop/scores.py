from sqlalchemy import BigInteger, Column, ForeignKey, Table

from shop.db import mapper_registry

marks = Table(
    "marks",
    mapper_registry.metadata,
    Column("book_id", BigInteger, ForeignKey("books.id"), primary_key=True),
    Column("writer_id", BigInteger, ForeignKey("writers.key"), primary_key=True),
)
