from datetime import UTC, datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.clock import tomorrow, utcnow
from app.models import Token


class TokenRepository:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def create(self) -> Token:
        token = Token(
            expires_at=tomorrow(),  # expect: orm/naive-datetime
            used_at=utcnow(),
        )
        self.session.add(token)
        await self.session.commit()
        return token

    async def find(self, token_id: int) -> Token | None:
        return await self.session.get(Token, token_id)

    async def live(self):
        return await self.session.scalars(
            select(Token).where(Token.expires_at > datetime.now(UTC))  # expect: orm/naive-datetime
        )

    async def touch(self, token_id: int) -> None:
        token = await self.find(token_id)
        token.seen_at = utcnow()  # expect: orm/naive-datetime
        await self.session.execute(
            update(Token).values(seen_at=utcnow())  # expect: orm/naive-datetime
        )


async def is_expired(tokens: TokenRepository, token_id: int) -> bool:
    token = await tokens.find(token_id)
    return token is None or token.expires_at < utcnow()  # expect: orm/naive-datetime error
