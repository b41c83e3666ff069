from shop.application.ports import OrderRepository


class ListOrders:
    def __init__(self, orders: OrderRepository) -> None:
        self.orders = orders

    async def __call__(self) -> list[str]:
        return await self.orders.numbers()
