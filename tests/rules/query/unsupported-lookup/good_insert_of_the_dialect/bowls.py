from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from upserts import general_insert


class Base(DeclarativeBase):
    pass


class Glaze(Base):
    __tablename__ = "glazes"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)


async def ensure(session: AsyncSession, names: list[str]) -> None:
    rows = [{"name": name} for name in names]
    make = sqlite_insert if session.bind.dialect.name == "sqlite" else insert
    await session.execute(make(Glaze).values(rows).on_conflict_do_nothing())
    await session.execute(postgresql.insert(Glaze).values(rows).on_conflict_do_nothing())
    await session.execute(general_insert(Glaze).values(rows).on_conflict_do_nothing())
    await session.commit()
