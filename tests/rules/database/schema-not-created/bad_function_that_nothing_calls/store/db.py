from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine

from store.models import Base

engine = create_async_engine("sqlite+aiosqlite:///store.db")
Session = async_sessionmaker(engine)


async def prepare():  # expect: database/schema-not-created error
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
