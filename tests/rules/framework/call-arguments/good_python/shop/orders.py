from dataclasses import KW_ONLY, dataclass, field
from typing import NamedTuple

from pydantic import BaseModel


@dataclass
class Order:
    name: str
    amount: int
    paid: bool = False


@dataclass(kw_only=True)
class Named:
    name: str


@dataclass
class Counted(Order):
    count: int = field(default=0)
    _: KW_ONLY
    label: str = ""


def tried(order: Order):
    try:
        return Order("a", "b", "c", "d")
    except TypeError:
        return [Named(name="a"), Counted("a", 1, False, 2), Order("a", 1)]


class Plain(BaseModel):
    size: int


class Strict:
    def __new__(cls, name):
        return super().__new__(cls)

    def __init__(self, name, again="x"):
        self.name = name


class Pair(NamedTuple):
    one: int
    two: int


class MemoryStore:
    def put(self, key, value, overwrite=False):
        return key


class FileStore(MemoryStore):
    def put(self, key, value, overwrite=False, *, fsync=True):
        return Pair(one=1, two=2)


def store_for(args):
    return FileStore() if args else MemoryStore()


class OrderRepository:
    def __init__(self, path, /, timeout=3):
        self.path = path

    @classmethod
    def of(cls, path):
        return cls(path)

    def find(self, kind=None, *others, limit=20, **options):
        return [self._row(kind, 1), self._rows(1, 2, 3, a=1)]

    @staticmethod
    def _row(kind, number):
        return kind

    def _rows(self, *numbers, **named):
        return numbers
