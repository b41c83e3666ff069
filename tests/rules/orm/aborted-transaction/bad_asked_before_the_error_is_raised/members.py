from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Member(Base):
    __tablename__ = "members"

    id: Mapped[int] = mapped_column(primary_key=True)
    card: Mapped[str] = mapped_column(unique=True)


class Taken(Exception):
    pass


class Members:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def by_card(self, card: str) -> Member | None:
        return await self.session.scalar(select(Member).where(Member.card == card))

    async def join(self, card: str) -> Member:
        member = Member(card=card)
        self.session.add(member)
        try:
            await self.session.flush()
        except IntegrityError as error:  # expect: orm/aborted-transaction
            other = await self.by_card(card)
            raise Taken("the card is in use" if other else "the data is wrong") from error
        await self.session.commit()
        return member
