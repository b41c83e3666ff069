from __future__ import annotations

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, sessionmaker

from lending.models import Loan


class LoanRepository:
    def __init__(self, sessions: sessionmaker[Session]) -> None:
        self._sessions = sessions

    def add(self, book_id: int, member_id: int, due: date) -> Loan:
        with self._sessions.begin() as session:
            loan = Loan(book_id=book_id, member_id=member_id, due=due)
            session.add(loan)
        return loan

    def get(self, loan_id: int) -> Loan | None:
        with self._sessions() as session:
            return session.get(Loan, loan_id)

    def close(self, loan_id: int, on: date) -> None:
        with self._sessions.begin() as session:
            loan = session.get(Loan, loan_id)
            if loan is not None:
                loan.returned = on

    def count_open(self, book_id: int) -> int:
        statement = (
            select(func.count())
            .select_from(Loan)
            .where(Loan.book_id == book_id, Loan.returned.is_(None))
        )
        with self._sessions() as session:
            return session.scalar(statement) or 0

    def open_of(self, member_id: int, limit: int) -> list[Loan]:
        statement = (
            select(Loan)
            .where(Loan.member_id == member_id, Loan.returned.is_(None))
            .options(joinedload(Loan.book))
            .order_by(Loan.due)
            .limit(limit)
        )
        with self._sessions() as session:
            return list(session.scalars(statement))
