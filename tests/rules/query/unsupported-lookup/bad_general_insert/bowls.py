import sqlalchemy as sa
from sqlalchemy import insert
from sqlalchemy.dialects.mysql import insert as mysql_insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Glaze(Base):
    __tablename__ = "glazes"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)


async def ensure(session: AsyncSession, names: list[str]) -> None:
    rows = [{"name": name} for name in names]
    statement = insert(Glaze).values(rows)
    await session.execute(
        statement.on_conflict_do_nothing(index_elements=["name"])  # expect: query/unsupported-lookup
    )
    await session.commit()


async def rename(session: AsyncSession, key: int, name: str) -> None:
    await session.execute(
        sa.insert(Glaze)
        .values(id=key, name=name)
        .on_conflict_do_update(index_elements=["id"], set_={"name": name})  # expect: query/unsupported-lookup
    )
    await session.commit()


async def add(session: AsyncSession, name: str) -> None:
    await session.execute(
        mysql_insert(Glaze).values(name=name).on_conflict_do_nothing()  # expect: query/unsupported-lookup
    )
    await session.commit()
