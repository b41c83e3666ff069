from club.db import db
from club.models import Member


def add(name):
    member = Member(name=name, state="new")
    db.session.add(member)
    return member
