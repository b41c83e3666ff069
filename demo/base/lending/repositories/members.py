from __future__ import annotations

from sqlalchemy.orm import Session, sessionmaker

from lending.models import Member


class MemberRepository:
    def __init__(self, sessions: sessionmaker[Session]) -> None:
        self._sessions = sessions

    def add(self, name: str) -> Member:
        with self._sessions.begin() as session:
            member = Member(name=name)
            session.add(member)
        return member

    def get(self, member_id: int) -> Member | None:
        with self._sessions() as session:
            return session.get(Member, member_id)
