import httpx
from fastapi import Depends, FastAPI
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import Session

from quay.clock import Clock, clock

app = FastAPI()
engine = create_async_engine("postgresql+asyncpg:///quay")
factory = async_sessionmaker(engine)


async def get_session():
    async with factory() as session:
        yield session


def counted(session: Session) -> int:
    return session.execute(text("SELECT count(*) FROM ships")).scalar_one()


@app.get("/ships")
async def ships(session: AsyncSession = Depends(get_session)):
    total = await session.run_sync(counted)
    rows = await session.execute(select(text("id")).limit(5))
    await session.commit()
    return {"total": total, "rows": rows.scalars().all()}


@app.get("/weather")
async def weather(time: Clock = Depends(clock)):
    await time.sleep(1)
    async with httpx.AsyncClient() as client:
        return (await client.get("https://weather.invalid")).json()


@app.get("/own")
async def own(session=Depends(get_session)):
    requests = await session.pending()
    return requests.get("first")
