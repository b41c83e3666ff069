from __future__ import annotations

from lending.errors import NotFound
from lending.models import Member
from lending.repositories.members import MemberRepository


class MemberService:
    def __init__(self, members: MemberRepository) -> None:
        self._members = members

    def join(self, name: str) -> Member:
        return self._members.add(name)

    def member(self, member_id: int) -> Member:
        member = self._members.get(member_id)
        if member is None:
            raise NotFound(f"no member {member_id}")
        return member
