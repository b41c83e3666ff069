"""Do two connections go to the same database?"""

from __future__ import annotations

from ci_gate.codemodel.connections import Address, Connection
from ci_gate.codemodel.databases import HOLE


def same_database(one: Connection, other: Connection) -> bool:
    """Is it certain that one address of each names the same database?"""
    return any(_same(left, right) for left in one.addresses for right in other.addresses)


def _same(left: Address, right: Address) -> bool:
    mine, yours = left.place, right.place
    if mine.engine is not None and yours.engine is not None and mine.engine != yours.engine:
        return False
    if mine.in_memory or yours.in_memory:
        return False
    if mine.file is not None and yours.file is not None:
        return mine.file == yours.file
    if left.sources & right.sources:
        return _different(mine.database, yours.database) is False
    if mine.host is not None and mine.host == yours.host:
        return mine.database is not None and mine.database == yours.database
    return False


def _different(one: str | None, other: str | None) -> bool:
    """Do both say which database they mean, and not the same?"""
    if one is None or other is None or HOLE in one or HOLE in other:
        return False
    return one != other
