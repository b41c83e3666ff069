from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import aliased

from club.models import Member, Visit


class Store:
    def __init__(self, session):
        self.session = session


    def of(self, number, limit):
        leader = aliased(Member)
        found = self.session.scalars(
            select(Member)
            .join(leader, leader.id == Member.leader_id)
            .join(Visit, Visit.member_id == Member.id)
            .where(leader.rank == Member.rank, Visit.club_id == number)
            .limit(limit)
        )
        return [member.id for member in found]
