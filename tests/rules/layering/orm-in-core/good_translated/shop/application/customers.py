from typing import TYPE_CHECKING

from shop.application.ports import CustomerRepository

if TYPE_CHECKING:
    from asyncpg import Connection


class Register:
    def __init__(self, customers: CustomerRepository) -> None:
        self.customers = customers

    async def __call__(self, email: str, connection: "Connection | None" = None) -> int:
        return await self.customers.add(email)
