from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session


class Store:
    """Serves both kinds: the caller says which."""

    def __init__(self, session: Session | AsyncSession) -> None:
        self.session = session

    def flush(self):
        self.session.flush()


class Outbox:
    def __init__(self, sender) -> None:
        self.sender = sender

    async def close(self) -> None:
        self.sender.close()


async def recreate(session: AsyncSession, metadata) -> None:
    connection = await session.connection()
    await connection.run_sync(metadata.create_all)
    await session.run_sync(lambda inner: inner.flush())
    session.add_all([])
    session.expire_all()
    session.expunge_all()
    async with session.begin():
        await session.execute("SELECT 1")
