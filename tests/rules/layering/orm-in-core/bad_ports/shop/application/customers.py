from asyncpg import UniqueViolationError  # expect: layering/orm-in-core error

from shop.application.ports import CustomerRepository
from shop.domain.errors import Conflict


class Register:
    def __init__(self, customers: CustomerRepository) -> None:
        self.customers = customers

    async def __call__(self, email: str) -> int:
        try:
            return await self.customers.add(email)
        except UniqueViolationError as error:
            raise Conflict(email) from error
