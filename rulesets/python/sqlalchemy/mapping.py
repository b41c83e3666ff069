import datetime as dt
import time
from datetime import UTC, date, datetime, timedelta
from functools import partial
from uuid import uuid4

from alembic import op
from rich.table import Column as TableColumn
from sqlalchemy import JSON, Column, DateTime, ForeignKey, Integer, String, Table, func
from sqlalchemy.orm import Mapped, mapped_column
from sqlmodel import Field, SQLModel

from shop.clock import clock, expiry
from shop.grids import Table as Grid
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
# ok: orm-column-outside-mapping
counts = Table("counts", Base.metadata, Column("n", Integer, default=0))


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
    # ruleid: orm-shared-default
    until = Column(DateTime, default=dt.datetime.now(UTC) + timedelta(days=7))
    # ruleid: orm-shared-default
    day: Mapped[date] = mapped_column(default=date.today())
    # ok: orm-shared-default
    moment = Column(Integer, default=int(time.time))
    # ok: orm-shared-default
    seen = Column(DateTime, default=lambda: datetime.now(UTC))
    # ok: orm-shared-default
    stored = mapped_column(DateTime, default=datetime.utcnow, server_default=func.now())
    # ok: orm-shared-default
    updated = mapped_column(DateTime, default=func.now(), onupdate=func.now())
    # ok: orm-shared-default
    opened = Column(DateTime, default=datetime(2020, 1, 1, tzinfo=UTC))
    # ok: orm-shared-default
    tick = Column(DateTime, default=partial(datetime.now, UTC))
    # ok: orm-shared-default
    ends = Column(DateTime, default=expiry(datetime.now(UTC)))
    # ok: orm-shared-default
    own = Column(DateTime, default=clock.now())
    # ok: orm-shared-default
    data = Column(JSON, default=dict)


class Member(SQLModel, table=True):
    # ok: orm-shared-default
    id: int | None = Field(default=None, primary_key=True)
    # ruleid: orm-shared-default
    joined: datetime = Field(default=datetime.now(UTC))
    # ok: orm-shared-default
    left: datetime = Field(default_factory=lambda: datetime.now(UTC))


# one value for the rows that are there already
def upgrade():
    # ok: orm-shared-default
    op.add_column("items", Column("created", DateTime, default=datetime.now(UTC)))


# tables of other libraries
# ok: orm-column-outside-mapping
grid = Grid("items", columns=[mapped_column("a", Integer)])
# ok: orm-column-outside-mapping
report = Grid(mapped_column("a", Integer))
# ok: orm-shared-default
printed = TableColumn("when", default=datetime.now(UTC))


def moment() -> datetime:
    return datetime.now(UTC)


def new_key():
    return str(uuid4())


def first_of_month():
    return expiry(datetime(2020, 1, 1))


class Stamped(Base):
    # ruleid: orm-shared-default-of-its-own
    made = mapped_column(DateTime, default=moment())
    # ruleid: orm-shared-default-of-its-own
    key = db.Column(String, default=new_key())
    # ok: orm-shared-default-of-its-own
    changed = Column(DateTime, default=moment, onupdate=moment)
    # ok: orm-shared-default-of-its-own
    since = Column(DateTime, default=first_of_month())
    # ok: orm-shared-default-of-its-own
    until = Column(DateTime, default=func.now())
