from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

from models import Boat

engine = create_async_engine("sqlite+aiosqlite:///harbour.db")


async def names_of(session: AsyncSession, names: list[str]) -> list[Boat]:
    for name in names:
        try:
            await session.execute(insert(Boat).values(name=name))
        except IntegrityError:
            pass
    return list(await session.scalars(select(Boat).where(Boat.name.in_(names))))
