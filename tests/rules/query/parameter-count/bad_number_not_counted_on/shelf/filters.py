from dataclasses import dataclass


@dataclass(frozen=True)
class BookFilter:
    title: str | None = None
    author: str | None = None
    shelf: str | None = None
