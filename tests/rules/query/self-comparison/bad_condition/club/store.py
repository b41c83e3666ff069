from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import aliased

from club.models import Member, Visit


class Store:
    def __init__(self, session):
        self.session = session


    def of(self, number, limit):
        found = self.session.scalars(
            select(Member)
            .join(Visit, Visit.member_id == Visit.member_id)  # expect: query/self-comparison
            .where(Member.rank > 3)
            .limit(limit)
        )
        ids = [member.id for member in found]
        self.session.execute(
            delete(Visit).where(
                Visit.club_id == Visit.club_id,  # expect: query/self-comparison
                Visit.member_id.in_(ids),
            )
        )
        self.session.commit()
        return ids
