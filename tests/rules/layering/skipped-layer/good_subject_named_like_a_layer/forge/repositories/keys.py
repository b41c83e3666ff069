from sqlalchemy import select

from forge.models import Key


async def find(session, id: int):
    return await session.scalar(select(Key).where(Key.id == id))
