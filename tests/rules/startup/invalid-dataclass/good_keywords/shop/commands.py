from dataclasses import KW_ONLY, dataclass, field
from typing import ClassVar

from shop.paging import Paged


@dataclass(frozen=True, kw_only=True)
class Search(Paged):
    term: str


@dataclass
class Draft:
    KINDS: ClassVar[list[str]] = []
    title: str = ""
    _: KW_ONLY
    body: str


@dataclass
class Window:
    offset: int = 0
    limit: int = field(kw_only=True)
    total: int = field(init=False)
