from shop.application.ports import OrderRepository


class ExportOrders:
    def __init__(self, orders: OrderRepository) -> None:
        self.orders = orders

    async def __call__(self) -> str:
        return "\n".join(await self.orders.numbers())
