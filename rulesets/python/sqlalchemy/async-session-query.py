from fastapi import APIRouter, Depends
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import Session

from shop.database import get_session
from shop.models import Item

router = APIRouter()
sessions = async_sessionmaker(create_async_engine("sqlite+aiosqlite://"))


@router.get("/items")
async def listed(session: AsyncSession = Depends(get_session)):
    # ruleid: orm-async-session-query
    return session.query(Item).all()


async def first(title: str):
    async with sessions() as session:
        # ruleid: orm-async-session-query
        return await session.query(Item).filter_by(title=title).first()


async def titles(session: AsyncSession) -> list[str]:
    # ok: orm-async-session-query
    return list(await session.scalars(select(Item.title)))


async def in_thread(session: AsyncSession) -> list[Item]:
    def work(session: Session) -> list[Item]:
        # ok: orm-async-session-query
        return session.query(Item).all()

    # ok: orm-async-session-query
    await session.run_sync(lambda session: session.query(Item).count())
    # ok: orm-async-session-query
    await session.run_sync(lambda inner: inner.query(Item).count())
    return await session.run_sync(work)


async def plain(session: AsyncSession):
    # ok: orm-async-session-query
    return session.sync_session.query(Item)


def old(session: Session):
    # ok: orm-async-session-query
    return session.query(Item).all()


async def both(session: AsyncSession, other: Session):
    # ok: orm-async-session-query
    return other.query(Item).count() + len(await titles(session))


async def test_first(session: AsyncSession, mocker):
    mocker.patch.object(session, "query", create=True)
    # ok: orm-async-session-query
    session.query.assert_not_called()
