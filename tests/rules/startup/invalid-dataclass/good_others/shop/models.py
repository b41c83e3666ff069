from dataclasses import dataclass
from typing import NamedTuple

from pydantic import BaseModel


class Draft(BaseModel):
    tags: list[str] = []
    title: str


@dataclass
class Entry:
    id: int | None = None
    title: str = ""


@dataclass
class Named(Entry):
    id: int
    slug: str = ""


class Point(NamedTuple):
    x: int
    y: int = 0
