from collections.abc import AsyncIterator
from typing import Protocol


class Vault(Protocol):
    async def read(self, key: str) -> AsyncIterator[bytes]:
        """The content, piece by piece."""
        ...

    async def size(self, key: str) -> int: ...
