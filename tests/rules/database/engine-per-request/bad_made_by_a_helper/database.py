from collections.abc import AsyncIterator

from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

from settings import DATABASE_URL


def session_factory() -> async_sessionmaker[AsyncSession]:
    engine = create_async_engine(DATABASE_URL)  # expect: database/engine-per-request
    return async_sessionmaker(engine, expire_on_commit=False)


async def open_session() -> AsyncIterator[AsyncSession]:
    factory = session_factory()
    async with factory() as session:
        yield session
