import sqlite3
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Page:
    rows: list
    total: int
    links: dict = field(default_factory=dict)


def page_of(rows):
    return Page(rows)  # expect: any/call-arguments


class Record:
    def __init__(self, name, amount):
        self.name = name
        self.amount = amount


class Order(Record):
    pass


class OrderRepository:
    def __init__(self, path):
        self.path = path

    @contextmanager
    def connected(self, *, write):
        connection = sqlite3.connect(self.path)
        yield connection
        connection.close()

    def find(self, kind=None, limit=20):
        with self.connected() as connection:  # expect: any/call-arguments
            return connection.execute("SELECT name FROM orders LIMIT ?", (limit,)).fetchall()

    @classmethod
    def of(cls, path):
        return cls(path)

    @staticmethod
    def label(name):
        return name.title()
