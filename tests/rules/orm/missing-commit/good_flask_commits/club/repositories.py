from club.db import db
from club.models import Member


def add(name):
    member = Member(name=name, state="new")
    db.session.add(member)
    return member


def find(number):
    return db.session.get(Member, number)


def remove(member):
    db.session.delete(member)


def finish():
    db.session.commit()


def find_named(name):
    return Member.query.filter_by(name=name).first()
