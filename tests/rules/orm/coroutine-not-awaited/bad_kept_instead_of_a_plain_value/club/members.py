from dataclasses import dataclass

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Badge(Base):
    __tablename__ = "badges"

    id: Mapped[int] = mapped_column(primary_key=True)
    member: Mapped[str]
    kind: Mapped[str]


@dataclass
class Card:
    member: str
    honoured: bool
    kinds: list[str]


class Members:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def has_badge(self, member: str) -> bool:
        return bool(await self.session.scalar(select(exists().where(Badge.member == member))))

    async def kinds(self, member: str) -> list[str]:
        return list(await self.session.scalars(select(Badge.kind).where(Badge.member == member)))

    async def card(self, member: str, viewer: str | None) -> Card:
        honoured = False
        kinds: list[str] = []
        if viewer is not None:
            honoured = self.has_badge(member)  # expect: orm/coroutine-not-awaited
            kinds = self.kinds(member)  # expect: orm/coroutine-not-awaited
        return Card(member=member, honoured=honoured, kinds=kinds)
