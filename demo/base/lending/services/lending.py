from __future__ import annotations

from datetime import date, timedelta

from lending.errors import NotFound, Refused
from lending.models import Loan
from lending.repositories.books import BookRepository
from lending.repositories.loans import LoanRepository
from lending.repositories.members import MemberRepository

LOAN_PERIOD = timedelta(days=21)


class LendingService:
    def __init__(
        self, books: BookRepository, members: MemberRepository, loans: LoanRepository
    ) -> None:
        self._books = books
        self._members = members
        self._loans = loans

    def lend(self, book_id: int, member_id: int, today: date) -> Loan:
        book = self._books.get(book_id)
        if book is None:
            raise NotFound(f"no book {book_id}")
        if self._members.get(member_id) is None:
            raise NotFound(f"no member {member_id}")
        if self._loans.count_open(book_id) >= book.copies:
            raise Refused("all copies are lent")
        return self._loans.add(book_id, member_id, today + LOAN_PERIOD)

    def take_back(self, loan_id: int, today: date) -> None:
        if self._loans.get(loan_id) is None:
            raise NotFound(f"no loan {loan_id}")
        self._loans.close(loan_id, today)

    def open_loans(self, member_id: int, limit: int) -> list[Loan]:
        return self._loans.open_of(member_id, limit)
