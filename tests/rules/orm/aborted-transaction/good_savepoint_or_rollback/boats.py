from boat_models import Boat
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session


def ensure(session: Session, name: str) -> Boat:
    boat = Boat(name=name)
    try:
        with session.begin_nested():
            session.add(boat)
            session.flush()
    except IntegrityError:
        boat = session.scalars(select(Boat).where(Boat.name == name)).one()
    return boat


def rename(session: Session, boat: Boat, name: str) -> Boat:
    boat.name = name
    try:
        session.commit()
    except IntegrityError:
        session.rollback()
    return session.get(Boat, boat.id)


def launch(session: Session, name: str) -> bool:
    launched = True
    try:
        session.add(Boat(name=name))
        session.flush()
    except IntegrityError:
        launched = False
    if not launched:
        session.rollback()
        return False
    session.commit()
    return True
