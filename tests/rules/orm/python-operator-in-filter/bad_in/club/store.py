from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import aliased

from club.models import Member, Visit


class Store:
    def __init__(self, session):
        self.session = session


    def of(self, number, limit):
        visited = select(Visit.member_id).where(Visit.club_id == number)
        known = Member.id in visited  # expect: orm/python-operator-in-filter
        found = self.session.scalars(
            select(Member).where(known, Member.rank not in [1, 2]).limit(limit)  # expect: orm/python-operator-in-filter
        )
        return [member.id for member in found]
