from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import aliased

from club.models import Member, Visit


class Store:
    def __init__(self, session):
        self.session = session


    def of(self, number, limit):
        offset = number
        one = self.page(limit, offset)
        return one + self.page(offset=offset, limit=limit) + self.swapped(offset, limit)

    def page(self, limit, offset):
        found = self.session.scalars(
            select(Member).order_by(Member.id).limit(limit).offset(offset)
        )
        return [member.id for member in found]

    def swapped(self, limit, offset):
        return [limit, offset]
