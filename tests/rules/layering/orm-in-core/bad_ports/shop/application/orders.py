from shop.application.ports import OrderRepository


class PlaceOrder:
    def __init__(self, orders: OrderRepository) -> None:
        self.orders = orders

    async def __call__(self, number: str) -> int:
        return await self.orders.add(number)
