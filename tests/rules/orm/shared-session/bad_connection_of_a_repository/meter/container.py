from dataclasses import dataclass

import asyncpg

from meter.repository import Readings, Tokens


@dataclass(frozen=True)
class Services:
    readings: Readings
    tokens: Tokens


def build(pool: asyncpg.Pool, lookup: asyncpg.Connection) -> Services:
    return Services(readings=Readings(pool), tokens=Tokens(lookup))
