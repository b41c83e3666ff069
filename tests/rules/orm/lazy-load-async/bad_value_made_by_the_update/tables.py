from datetime import datetime

from sqlalchemy import FetchedValue, func
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

sessions = async_sessionmaker(create_async_engine("sqlite+aiosqlite:///x.db"), expire_on_commit=False)


class Base(DeclarativeBase):
    pass


class Timed:
    changed_at: Mapped[datetime] = mapped_column(server_default=func.now(), onupdate=func.now())


class Page(Timed, Base):
    __tablename__ = "pages"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    reads: Mapped[int] = mapped_column(default=0)


class Draft(Base):
    __tablename__ = "drafts"

    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str]
    revision: Mapped[int] = mapped_column(server_onupdate=FetchedValue())
