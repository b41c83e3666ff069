from asyncpg import Connection, UniqueViolationError
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

from models import Boat

engine = create_async_engine("postgresql+asyncpg://localhost/harbour")


async def names_of(session: AsyncSession, names: list[str]) -> list[Boat]:
    for name in names:
        try:
            await session.execute(insert(Boat).values(name=name))
        except IntegrityError:  # expect: orm/aborted-transaction
            pass
    return list(await session.scalars(select(Boat).where(Boat.name.in_(names))))


async def launch(connection: Connection, name: str) -> int:
    async with connection.transaction():
        try:
            await connection.execute("INSERT INTO boats (name) VALUES ($1)", name)
        except UniqueViolationError:  # expect: orm/aborted-transaction
            pass
        return await connection.fetchval("SELECT id FROM boats WHERE name = $1", name)
