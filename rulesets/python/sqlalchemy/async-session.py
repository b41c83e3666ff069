import asyncio
from typing import Annotated
from unittest.mock import AsyncMock

from fastapi import APIRouter, Depends
from curl_cffi.requests import AsyncSession as HttpSession
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import Session
from sqlmodel.ext.asyncio.session import AsyncSession as SqlmodelSession

from shop.database import get_session, sync_session
from shop.models import Item

router = APIRouter()
engine = create_async_engine("sqlite+aiosqlite://")
sessions = async_sessionmaker(engine)


async def add(session: AsyncSession, item: Item):
    session.add(item)
    # ruleid: orm-missing-await-session
    session.commit()
    # ok: orm-missing-await-session
    await session.refresh(item)


@router.post("/items")
async def create(item: Item, *, session: AsyncSession = Depends(get_session)):
    session.add(item)
    if item.title:
        # ruleid: orm-missing-await-session
        session.flush()
    return {"id": item.id}


@router.delete("/items/{key}")
async def remove(key: int, session: Annotated[AsyncSession, Depends(get_session)]):
    # ok: orm-missing-await-session
    item = await session.get(Item, key)
    try:
        # ruleid: orm-missing-await-session
        session.delete(item)
        # ok: orm-missing-await-session
        await session.commit()
    except ValueError:
        # ruleid: orm-missing-await-session
        session.rollback()
        raise


async def titles(session: AsyncSession):
    # ruleid: orm-missing-await-session
    return session.execute(select(Item.title)).scalars().all()


async def first_title(session: AsyncSession):
    # ruleid: orm-missing-await-session
    for title in session.scalars(select(Item.title)).all():
        return title


async def kept(session: AsyncSession):
    # ruleid: orm-missing-await-session
    result = session.execute(select(Item))
    return result.scalars().all()


async def one(session: AsyncSession, key: int):
    # ruleid: orm-missing-await-session
    item = session.get(Item, key)
    if item is None:
        raise LookupError(key)
    return item.title


async def with_factory(item: Item):
    async with sessions() as session:
        session.add(item)
        # ruleid: orm-missing-await-session
        session.commit()


async def with_engine(item: Item):
    async with AsyncSession(engine) as session, session.begin():
        session.add(item)
        # ruleid: orm-missing-await-session
        session.flush()


class Items:
    async def add(self, session: AsyncSession, item: Item) -> None:
        session.add(item)
        # ruleid: orm-missing-await-session
        session.commit()


async def first(session: AsyncSession):
    # ok: orm-missing-await-session
    rows = (await session.execute(select(Item))).scalars()
    # ok: orm-missing-await-session
    pending = session.execute(select(Item.title))
    # ok: orm-missing-await-session
    await asyncio.gather(session.flush(), pending)
    # ok: orm-missing-await-session
    return session.get(Item, rows.first().id)


@router.get("/first")
async def first_or_none(session: AsyncSession | None = None):
    if session is None:
        return None
    # ok: orm-missing-await-session
    return await session.scalar(select(Item))


# awaited later, or by another
async def later(session: AsyncSession, items: list[Item]):
    # ok: orm-missing-await-session
    await asyncio.gather(*[session.refresh(item) for item in items])
    # ok: orm-missing-await-session
    await asyncio.gather(*(session.refresh(item) for item in items))
    # ok: orm-missing-await-session
    task = asyncio.create_task(session.flush())
    await task
    # ok: orm-missing-await-session
    result = session.execute(select(Item))
    result = await result
    # ok: orm-missing-await-session
    steps = (session.flush(), session.commit())
    for step in steps:
        await step
    # ok: orm-missing-await-session
    wanted = session.get(Item, 1) if items else session.get(Item, 2)
    return result.scalars().all(), await wanted


async def grouped(session: AsyncSession):
    async with asyncio.TaskGroup() as group:
        # ok: orm-missing-await-session
        group.create_task(session.commit())
    # ok: orm-missing-await-session
    await asyncio.wait_for(session.execute(select(Item)), timeout=1)
    # ok: orm-missing-await-session
    await asyncio.shield(session.commit())
    # ok: orm-missing-await-session
    return {"finish": session.close()}


def handed_on(session: AsyncSession, item: Item):
    session.add(item)
    # ok: orm-missing-await-session
    return session.commit()


def chosen(session: AsyncSession, dry: bool):
    # ok: orm-missing-await-session
    finish = session.rollback if dry else session.commit
    return finish()


async def spread(session: AsyncSession):
    (
        # ok: orm-missing-await-session
        await session.execute(select(Item))
    ).scalars()
    async with session.begin():
        await (
            # ok: orm-missing-await-session
            session.flush()
        )
    # ok: orm-missing-await-session
    return await session.scalar(select(Item)) or await session.get(Item, 1)


async def streamed(session: AsyncSession):
    # ok: orm-missing-await-session
    yield session.get(Item, 1)
    async for row in await session.stream(select(Item)):
        yield row
    # ok: orm-missing-await-session
    wanted = lambda: session.commit()
    await wanted()


# the session inside run_sync is a plain one
async def synchronous(session: AsyncSession, item: Item):
    def work(session):
        session.add(item)
        # ok: orm-missing-await-session
        session.flush()
        # ok: orm-missing-await-session
        return session.execute(select(Item)).scalars().all()

    # ok: orm-missing-await-session
    await session.run_sync(lambda session: session.execute(select(Item)).scalars().all())
    return await session.run_sync(work)


def plain(session: Session, item: Item):
    session.add(item)
    # ok: orm-missing-await-session
    session.commit()
    # ok: orm-missing-await-session
    return session.execute(select(Item)).scalars().all()


async def two_sessions(session: AsyncSession, item: Item):
    with sync_session() as other:
        other.add(item)
        # ok: orm-missing-await-session
        other.commit()


async def test_add(session: AsyncSession):
    session.commit = AsyncMock()
    await add(session, Item())
    # ok: orm-missing-await-session
    session.commit.assert_awaited_once()
    # ok: orm-missing-await-session
    session.commit.return_value = session.get


async def cached(session: AsyncSession, cache: dict):
    # ok: orm-missing-await-session
    cache.get(1)
    # ok: orm-missing-await-session
    cache.setdefault("finish", session.close())
    # ok: orm-missing-await-session
    session.sync_session.close()


async def compared(session: AsyncSession, key: int):
    # ok: orm-missing-await-session
    item = session.get(Item, key)
    if key:
        item = await item
    else:
        item.close()
        item = None
    return item.title


async def parallel(session: AsyncSession, others: AsyncSession):
    # ok: orm-missing-await-session
    mine = session.execute(select(Item))
    # ok: orm-missing-await-session
    theirs = others.execute(select(Item))
    mine, theirs = await asyncio.gather(mine, theirs)
    return mine.scalars().all() + theirs.scalars().all()


async def swapped(session: AsyncSession):
    # ok: orm-missing-await-session
    result = session.execute(select(Item))
    (result,) = await asyncio.gather(result)
    for result in result.scalars():
        yield result.title
    async with asyncio.timeout(1) as result:
        result.reschedule(2)


async def shadowed(session: AsyncSession, key: int):
    # ok: orm-missing-await-session
    item = session.get(Item, key)
    if (item := await item) is not None:
        return item.title
    # ok: orm-missing-await-session
    return [item.title for item in [await session.get(Item, 1)]]


async def of_sqlmodel(session: SqlmodelSession) -> list[Item]:
    # ruleid: orm-missing-await-session
    return session.exec(select(Item)).all()


async def of_sqlmodel_right(session: SqlmodelSession) -> list[Item]:
    # ok: orm-missing-await-session
    return (await session.exec(select(Item))).all()


# a session of another library
async def page(session: HttpSession):
    # ok: orm-missing-await-session
    session.close()
    # ok: orm-missing-await-session
    return session.get("https://shop.example").text
