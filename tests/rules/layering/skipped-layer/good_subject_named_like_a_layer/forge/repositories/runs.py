from sqlalchemy import select

from forge.models import Run


async def find(session, id: int):
    return await session.scalar(select(Run).where(Run.id == id))
