from __future__ import annotations

from lending.errors import NotFound
from lending.models import Book
from lending.repositories.books import BookRepository


class ShelfService:
    def __init__(self, books: BookRepository) -> None:
        self._books = books

    def add(self, title: str, author: str, copies: int) -> Book:
        return self._books.add(title, author, copies)

    def book(self, book_id: int) -> Book:
        book = self._books.get(book_id)
        if book is None:
            raise NotFound(f"no book {book_id}")
        return book

    def search(self, author: str | None, limit: int) -> list[Book]:
        return self._books.search(author, limit)
