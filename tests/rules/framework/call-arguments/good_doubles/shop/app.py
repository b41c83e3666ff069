from abc import ABC, abstractmethod

from fastapi import Depends, FastAPI

app = FastAPI()


class Clock(ABC):
    @abstractmethod
    def now(self, zone): ...


class Local(Clock):
    def now(self, zone=None):
        return zone


class Registry:
    def __init__(self, factory, size):
        self.factory = factory
        self.size = size


def clock() -> Clock:
    return Local()


def page(limit: int, offset: int = 0):
    return {"limit": limit, "offset": offset}


@app.get("/now")
def now(clock: Clock = Depends(clock), page: dict = Depends(page)):
    registry = Registry(factory=lambda: 1, size=2)
    return [clock.now(), registry.factory(), page]


def make(cls=Registry):
    return cls(size=1)


def call(page):
    return page()
