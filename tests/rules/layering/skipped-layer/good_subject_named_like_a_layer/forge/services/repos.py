from sqlalchemy import select

from forge.models import Repo
from forge.services.storage import place


async def one(session, id: int):
    found = await session.scalar(select(Repo).where(Repo.id == id))
    return place(found.url)
