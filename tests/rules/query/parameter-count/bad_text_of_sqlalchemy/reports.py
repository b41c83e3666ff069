from sqlalchemy import text
from sqlalchemy.orm import Session

BUSY = text("SELECT id FROM desks WHERE floor = :floor AND taken > :taken")


def busy(session: Session, floor: int):
    return session.execute(BUSY, {"floor": floor}).all()  # expect: query/parameter-count


def free(session: Session, floor: int, day):
    sql = "SELECT id FROM desks WHERE floor = :floor AND day = :day"
    return session.execute(text(sql, {"floor": floor, "day": day})).all()  # expect: query/parameter-count


def cast(session: Session, floor: int, key: str):
    return session.execute(
        text("SELECT id FROM desks WHERE floor = :floor AND key = :key::uuid"),  # expect: query/parameter-count
        {"floor": floor, "key": key},
    ).all()


def named(session: Session, name: str):
    return session.execute(
        text("SELECT id FROM desks WHERE name = %(name)s"),  # expect: query/parameter-count
        {"name": name},
    ).all()
