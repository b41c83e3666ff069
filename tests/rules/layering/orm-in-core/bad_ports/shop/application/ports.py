from typing import Protocol


class OrderRepository(Protocol):
    async def add(self, number: str) -> int: ...

    async def numbers(self) -> list[str]: ...


class CustomerRepository(Protocol):
    async def add(self, email: str) -> int: ...
