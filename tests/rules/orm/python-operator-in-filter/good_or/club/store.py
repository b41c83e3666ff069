from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import aliased

from club.models import Member, Visit


class Store:
    def __init__(self, session):
        self.session = session


    def of(self, number, limit):
        found = self.session.scalars(
            select(Member).where(or_(Member.rank == number, Member.id == number)).limit(limit)
        )
        return [member.id for member in found]
