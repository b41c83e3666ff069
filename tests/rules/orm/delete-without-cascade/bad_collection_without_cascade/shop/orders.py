from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from shop.tables import Order


class Orders:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def by_number(self, number: str) -> Order | None:
        return await self._session.scalar(select(Order).where(Order.number == number))

    async def remove(self, order: Order) -> None:
        await self._session.delete(order)
        await self._session.commit()
