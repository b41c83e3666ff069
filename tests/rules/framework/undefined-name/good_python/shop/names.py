import asyncio
from dataclasses import dataclass

counter = 0
try:
    limit = configured
except NameError:
    limit = 10


def start():
    global started
    started = True


def is_started():
    return started


@dataclass
class Price:
    amount: int
    limits = [limit for _ in range(3)]
    own = amount

    def __init__(self):
        self.kind = __class__.__name__

    def twice(self):
        def inner():
            nonlocal total
            total += 1
            return total

        total = 0
        return inner()


def each_name():
    rows = [row for row in ("a", "b")]
    if (found := rows) and (last := found[-1]):
        return [translate(last)]
    match rows:
        case [first, *others]:
            return [first, *others]
        case {"key": value, **rest}:
            return [value, rest]
    with open("x") as handle, open("y") as (one, two):
        return [handle, one, two]


def price(*args, key=lambda item: item, **options):
    for name, (low, high) in options.items():
        print(name, low, high)
    else:
        print(high)
    try:
        import json as decoder
    except ImportError as error:
        print(error)
    del args
    return decoder, key, sum(a * b for a, b in zip([1], [2]))


async def gather():
    async with asyncio.timeout(1) as limits:
        return [part async for part in limits]
