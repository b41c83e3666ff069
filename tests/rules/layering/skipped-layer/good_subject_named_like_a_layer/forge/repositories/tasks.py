from sqlalchemy import select

from forge.models import Task


async def find(session, id: int):
    return await session.scalar(select(Task).where(Task.id == id))
