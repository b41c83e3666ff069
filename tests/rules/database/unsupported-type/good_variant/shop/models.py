from sqlalchemy import JSON, String
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from shop.db import Base


class Book(Base):
    __tablename__ = "books"

    id: Mapped[int] = mapped_column(primary_key=True)
    meta: Mapped[dict] = mapped_column(JSON().with_variant(JSONB(), "postgresql"))
    aliases: Mapped[list[str]] = mapped_column(
        JSON().with_variant(ARRAY(String), "postgresql"), default=list
    )
