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
    session.commit()  # expect: orm/missing-await
    await session.refresh(item)


@router.post("/items")
async def create(item: Item, *, session: AsyncSession = Depends(get_session)):
    session.add(item)
    if item.title:
        session.flush()  # expect: orm/missing-await
    return {"id": item.id}


@router.delete("/items/{key}")
async def remove(key: int, session: Annotated[AsyncSession, Depends(get_session)]):
    item = await session.get(Item, key)
    try:
        session.delete(item)  # expect: orm/missing-await
        await session.commit()
    except ValueError:
        session.rollback()  # expect: orm/missing-await
        raise


async def titles(session: AsyncSession):
    return session.execute(select(Item.title)).scalars().all()  # expect: orm/missing-await


async def first_title(session: AsyncSession):
    for title in session.scalars(select(Item.title)).all():  # expect: orm/missing-await
        return title


async def kept(session: AsyncSession):
    result = session.execute(select(Item))  # expect: orm/missing-await
    return result.scalars().all()


async def one(session: AsyncSession, key: int):
    item = session.get(Item, key)  # expect: orm/missing-await
    if item is None:
        raise LookupError(key)
    return item.title


async def with_factory(item: Item):
    async with sessions() as session:
        session.add(item)
        session.commit()  # expect: orm/missing-await


async def with_engine(item: Item):
    async with AsyncSession(engine) as session, session.begin():
        session.add(item)
        session.flush()  # expect: orm/missing-await


class Items:
    async def add(self, session: AsyncSession, item: Item) -> None:
        session.add(item)
        session.commit()  # expect: orm/missing-await


async def first(session: AsyncSession):
    rows = (await session.execute(select(Item))).scalars()
    pending = session.execute(select(Item.title))
    await asyncio.gather(session.flush(), pending)
    return session.get(Item, rows.first().id)


@router.get("/first")
async def first_or_none(session: AsyncSession | None = None):
    if session is None:
        return None
    return await session.scalar(select(Item))


# awaited later, or by another
async def later(session: AsyncSession, items: list[Item]):
    await asyncio.gather(*[session.refresh(item) for item in items])
    await asyncio.gather(*(session.refresh(item) for item in items))
    task = asyncio.create_task(session.flush())
    await task
    result = session.execute(select(Item))
    result = await result
    steps = (session.flush(), session.commit())
    for step in steps:
        await step
    wanted = session.get(Item, 1) if items else session.get(Item, 2)
    return result.scalars().all(), await wanted


async def grouped(session: AsyncSession):
    async with asyncio.TaskGroup() as group:
        group.create_task(session.commit())
    await asyncio.wait_for(session.execute(select(Item)), timeout=1)
    await asyncio.shield(session.commit())
    return {"finish": session.close()}


def handed_on(session: AsyncSession, item: Item):
    session.add(item)
    return session.commit()


def chosen(session: AsyncSession, dry: bool):
    finish = session.rollback if dry else session.commit
    return finish()


async def spread(session: AsyncSession):
    (
        await session.execute(select(Item))
    ).scalars()
    async with session.begin():
        await (
            session.flush()
        )
    return await session.scalar(select(Item)) or await session.get(Item, 1)


async def streamed(session: AsyncSession):
    yield session.get(Item, 1)
    async for row in await session.stream(select(Item)):
        yield row
    wanted = lambda: session.commit()
    await wanted()


# the session inside run_sync is a plain one
async def synchronous(session: AsyncSession, item: Item):
    def work(session):
        session.add(item)
        session.flush()
        return session.execute(select(Item)).scalars().all()

    await session.run_sync(lambda session: session.execute(select(Item)).scalars().all())
    return await session.run_sync(work)


def plain(session: Session, item: Item):
    session.add(item)
    session.commit()
    return session.execute(select(Item)).scalars().all()


async def two_sessions(session: AsyncSession, item: Item):
    with sync_session() as other:
        other.add(item)
        other.commit()


async def test_add(session: AsyncSession):
    session.commit = AsyncMock()
    await add(session, Item())
    session.commit.assert_awaited_once()
    session.commit.return_value = session.get


async def cached(session: AsyncSession, cache: dict):
    cache.get(1)
    cache.setdefault("finish", session.close())
    session.sync_session.close()


async def compared(session: AsyncSession, key: int):
    item = session.get(Item, key)
    if key:
        item = await item
    else:
        item.close()
        item = None
    return item.title


async def parallel(session: AsyncSession, others: AsyncSession):
    mine = session.execute(select(Item))
    theirs = others.execute(select(Item))
    mine, theirs = await asyncio.gather(mine, theirs)
    return mine.scalars().all() + theirs.scalars().all()


async def swapped(session: AsyncSession):
    result = session.execute(select(Item))
    (result,) = await asyncio.gather(result)
    for result in result.scalars():
        yield result.title
    async with asyncio.timeout(1) as result:
        result.reschedule(2)


async def shadowed(session: AsyncSession, key: int):
    item = session.get(Item, key)
    if (item := await item) is not None:
        return item.title
    return [item.title for item in [await session.get(Item, 1)]]


async def of_sqlmodel(session: SqlmodelSession) -> list[Item]:
    return session.exec(select(Item)).all()  # expect: orm/missing-await


async def of_sqlmodel_right(session: SqlmodelSession) -> list[Item]:
    return (await session.exec(select(Item))).all()


# a session of another library
async def page(session: HttpSession):
    session.close()
    return session.get("https://shop.example").text
