from collections.abc import AsyncIterator

from fastapi import Depends, FastAPI, HTTPException
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

from shop.orders import Orders

app = FastAPI()
sessions = async_sessionmaker(create_async_engine("sqlite+aiosqlite:///shop.db"))


async def orders() -> AsyncIterator[Orders]:
    async with sessions() as session:
        yield Orders(session)


@app.delete("/orders/{number}", status_code=204)
async def delete_order(number: str, repository: Orders = Depends(orders)) -> None:
    order = await repository.by_number(number)
    if order is None:
        raise HTTPException(404)
    await repository.remove(order)
