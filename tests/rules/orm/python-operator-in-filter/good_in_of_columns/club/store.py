from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import aliased

from club.models import Member, Visit


class Store:
    def __init__(self, session):
        self.session = session


    def of(self, number, limit):
        visited = select(Visit.member_id).where(Visit.club_id == number)
        found = self.session.scalars(
            select(Member)
            .where(Member.id.in_(visited), Member.rank.not_in([1, 2]), Member.leader_id.is_(None))
            .limit(limit)
        )
        return [member.id for member in found if member.rank in (3, 4)]
