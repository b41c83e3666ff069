from abc import ABC, abstractmethod
from dataclasses import KW_ONLY, dataclass, field
from functools import wraps


def with_session(function):
    @wraps(function)
    def wrapper(*args, **kwargs):
        return function("session", *args, **kwargs)

    return wrapper


class Store(ABC):
    @abstractmethod
    def remove(self, shelf: str) -> None: ...


class LoanStore(Store):
    def remove(self, shelf: str, loan: int = 0, **more) -> None:
        print(shelf, loan, more)

    @with_session
    def add(self, session, title: str) -> None:
        print(session, title)

    @staticmethod
    def label(title: str) -> str:
        return title

    @property
    def remover(self):
        return self.remove


@dataclass
class Loan:
    title: str
    _: KW_ONLY
    notes: list[str] = field(default_factory=list)


@dataclass
class Base:
    key: int


@dataclass
class Shelf(Base):
    room: str


class Odd(type):
    def __call__(cls, *args, **kwargs):
        return super().__call__()


class Made(metaclass=Odd):
    def __init__(self) -> None:
        self.done = True


def use(store: Store, own: LoanStore) -> None:
    store.remove("a", loan=3)
    own.remove("a", 3, why="lost")
    own.add("Dune")
    own.label("Dune")
    LoanStore.label(title="Dune")
    LoanStore.remove(own, "a")
    own.remover("a", 1)
    Loan("Dune", notes=[])
    Shelf(1, "north")
    Made(1, 2)
    given = {"shelf": "a"}
    own.remove(**given)
    try:
        LoanStore.label()
    except TypeError:
        print("as told")
