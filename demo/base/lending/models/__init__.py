from lending.models.base import Base
from lending.models.book import Book
from lending.models.loan import Loan
from lending.models.member import Member

__all__ = ["Base", "Book", "Loan", "Member"]
