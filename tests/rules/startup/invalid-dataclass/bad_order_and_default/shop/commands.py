from dataclasses import dataclass, field

from shop.paging import Paged


@dataclass(frozen=True)
class Search(Paged):
    term: str  # expect: startup/invalid-dataclass


@dataclass
class Draft:
    title: str
    tags: list[str] = []  # expect: startup/invalid-dataclass
    notes: list[str] = field(default_factory=list)


@dataclass
class Window:
    offset: int = 0
    limit: int  # expect: startup/invalid-dataclass
