from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from shop.models import Order


class Orders:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def remove(self, *orders: Order) -> int:
        for order in orders:
            self._session.delete(order)  # expect: orm/missing-await
        await self._session.flush()
        return len(orders)

    async def open_count(self) -> int:
        rows = self._session.scalars(select(Order).where(Order.open))  # expect: orm/missing-await
        return len(rows.all())


class Unit:
    def __init__(self, factory) -> None:
        self.session = factory()

    async def finish(self) -> None:
        self.session.commit()  # expect: orm/missing-await
