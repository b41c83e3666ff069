from typing import Annotated

from fastapi import Depends, FastAPI
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

from shop.orders import Orders, Unit

engine = create_async_engine("postgresql+asyncpg://shop@db/shop")
sessions = async_sessionmaker(engine, expire_on_commit=False)
app = FastAPI()


async def session():
    async with sessions() as opened:
        yield opened


def orders(opened: Annotated[AsyncSession, Depends(session)]) -> Orders:
    return Orders(opened)


@app.delete("/orders")
async def clear(store: Annotated[Orders, Depends(orders)]):
    await store.remove()
    await Unit(sessions).finish()
    return {"open": await store.open_count()}
