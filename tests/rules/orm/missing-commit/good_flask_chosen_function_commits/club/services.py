from club import repositories
from club.db import db


def _store(member):
    db.session.commit()
    return member


def _show(member):
    return member


AFTER = {"store": _store, "show": _show}


def join(name):
    member = repositories.add(name)
    after = AFTER.get(name, _store)
    return after(member)
