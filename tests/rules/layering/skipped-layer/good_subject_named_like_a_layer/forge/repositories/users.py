from sqlalchemy import select

from forge.models import User


async def find(session, id: int):
    return await session.scalar(select(User).where(User.id == id))
