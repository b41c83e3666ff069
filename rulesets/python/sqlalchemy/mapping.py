from datetime import UTC, datetime
from uuid import uuid4

from sqlalchemy import Column, DateTime, ForeignKey, Integer, String, Table, func
from sqlalchemy.orm import mapped_column

from shop.models import Base, db

tags = Table(
    "tags",
    Base.metadata,
    # ok: orm-column-outside-mapping
    Column("item_id", ForeignKey("items.id")),
    # ruleid: orm-column-outside-mapping
    mapped_column("tag_id", ForeignKey("tags.id")),
)
# ruleid: orm-column-outside-mapping
links = db.Table("links", db.metadata, db.mapped_column("a", Integer))


class Item(Base):
    __tablename__ = "items"

    # ok: orm-column-outside-mapping
    id = mapped_column(Integer, primary_key=True)
    # ruleid: orm-shared-default
    created = mapped_column(DateTime, default=datetime.utcnow())
    # ruleid: orm-shared-default
    key = Column(String, default=str(uuid4()))
    # ruleid: orm-shared-default
    changed = db.Column(db.DateTime, default=datetime.now, onupdate=datetime.now(UTC))
    # ok: orm-shared-default
    seen = Column(DateTime, default=lambda: datetime.now(UTC))
    # ok: orm-shared-default
    stored = mapped_column(DateTime, default=datetime.utcnow, server_default=func.now())
