from blinker import signal

from club import repositories
from club.db import db

joined = signal("joined")


@joined.connect
def store(sender):
    db.session.commit()


def join(name):
    member = repositories.add(name)
    joined.send(member)
    return member
