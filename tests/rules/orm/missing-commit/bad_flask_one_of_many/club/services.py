from club.db import db
from club.models import Member
from club.repositories import Members

members = Members(db.session)


def join(name):
    member = members.add(Member(name=name, state="new"))
    db.session.commit()
    return member


def lock(number):
    member = members.get(number)
    member.state = "locked"  # expect: orm/missing-commit
    return member


def leave(number):
    members.remove(members.get(number))
