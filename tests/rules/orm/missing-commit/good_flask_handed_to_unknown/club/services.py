from house_tools import audit

from club import repositories
from club.db import db


def join(name):
    member = repositories.add(name)
    audit.written(db.session, member)
    return member
