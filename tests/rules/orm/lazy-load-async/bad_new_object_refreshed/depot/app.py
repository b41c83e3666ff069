from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

from depot.models import Label, Parcel, Sender

engine = create_async_engine("postgresql+asyncpg://localhost/depot")
sessions = async_sessionmaker(engine, expire_on_commit=False)
app = FastAPI()


async def get_session():
    async with sessions() as session:
        yield session


Db = Annotated[AsyncSession, Depends(get_session)]


def shown(parcel: Parcel):
    return {
        "takenAt": parcel.taken_at,
        "labels": [label.text for label in parcel.labels],  # expect: orm/lazy-load-async
    }


@app.post("/senders/{sender_id}/parcels")
async def take(session: Db, sender_id: int, texts: list[str]):
    sender = await session.get(Sender, sender_id)
    if sender is None:
        raise HTTPException(404)
    labels = list(await session.scalars(select(Label).where(Label.text.in_(texts))))
    parcel = Parcel(sender=sender, labels=labels)
    session.add(parcel)
    await session.flush()
    await session.refresh(parcel)
    await session.commit()
    return shown(parcel)
