from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import aliased

from club.models import Member, Visit


class Store:
    def __init__(self, session):
        self.session = session


    def of(self, number, limit):
        club_id = number
        found = self.session.scalars(
            select(Visit).where(Visit.club_id == club_id, Visit.member_id != number).limit(limit)
        )
        return [visit.member_id for visit in found if visit.club_id == visit.club_id]
