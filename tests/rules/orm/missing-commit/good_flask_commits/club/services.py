from sqlalchemy.exc import IntegrityError

from club import repositories
from club.db import db
from club.units import stored


def join(name):
    with db.session.begin():
        member = repositories.add(name)
    return member


def lock(number):
    with stored():
        member = repositories.find(number)
        member.state = "locked"
    return member


def leave(number):
    repositories.remove(repositories.find(number))
    repositories.finish()


def shown(number):
    member = repositories.find(number)
    member.note = None
    return member


def titled(number):
    member = repositories.find(number)
    member.name = member.name.title()
    return member


def join_unique(name):
    member = repositories.add(name)
    try:
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        member = repositories.find_named(name)
        member.state = "again"
    return member


def join_all(names):
    for index, name in enumerate(names):
        if index % 100 == 0:
            db.session.commit()
        repositories.add(name)
    repositories.finish()
