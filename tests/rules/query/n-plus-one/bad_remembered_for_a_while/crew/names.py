from sqlalchemy import select

from crew.memory import memory
from crew.models import Studio


@memory.memoize(60)
def studio_name(session, studio_id):
    return session.scalars(select(Studio).where(Studio.id == studio_id)).one().name


def asked_name(session, studio_id):
    return session.scalars(select(Studio).where(Studio.id == studio_id)).one().name
