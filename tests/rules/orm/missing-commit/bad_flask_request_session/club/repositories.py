from club.db import db
from club.models import Member


def add(name):
    member = Member(name=name, state="new")
    db.session.add(member)  # expect: orm/missing-commit
    return member


def add_flushed(name):
    db.session.add(Member(name=name, state="new"))  # expect: orm/missing-commit
    db.session.flush()


def find(number):
    return db.session.get(Member, number)


def remove(member):
    db.session.delete(member)  # expect: orm/missing-commit


def rename(number, name):
    Member.query.filter_by(id=number).update({"name": name})  # expect: orm/missing-commit


def keep(member):
    db.session.add(member)
