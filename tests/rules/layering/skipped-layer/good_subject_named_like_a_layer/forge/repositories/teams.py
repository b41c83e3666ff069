from sqlalchemy import select

from forge.models import Team


async def find(session, id: int):
    return await session.scalar(select(Team).where(Team.id == id))
