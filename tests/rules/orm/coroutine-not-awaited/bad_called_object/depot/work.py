from typing import Self

from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker


class Crates:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def close(self, number: int) -> None:
        await self._session.get(object, number)


class Work:
    def __init__(self, sessions: async_sessionmaker[AsyncSession]) -> None:
        self._sessions = sessions

    async def __aenter__(self) -> Self:
        self._session = self._sessions()
        self.crates = Crates(self._session)
        return self

    async def __aexit__(self, *error: object) -> None:
        await self._session.close()

    async def keep(self) -> None:
        await self._session.commit()


class WorkFactory:
    def __init__(self, sessions: async_sessionmaker[AsyncSession]) -> None:
        self._sessions = sessions

    def __call__(self) -> Work:
        return Work(self._sessions)
