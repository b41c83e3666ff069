from flask import current_app

from club import repositories
from club.db import db


class Units:
    def finish(self):
        db.session.commit()


def join(name):
    member = repositories.add(name)
    current_app.extensions["units"].finish()
    return member
