from dataclasses import dataclass


@dataclass(frozen=True)
class Page:
    limit: int


@dataclass(frozen=True)
class Query:
    page: Page
    tag: str | None = None
